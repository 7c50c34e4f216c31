import type { Probe } from '../../../study/probe/index.js';
import { formatCount, formatError, formatNumber } from '../../../tensor/format.js';
import { Columns } from '../../ui/columns.js';
import { NumberField } from '../../ui/number-field.js';
import { Scroll } from '../../ui/scroll.js';
import { chooseElement } from './choice.js';

/** Largest relative error that counts as agreement; the default of `probe`. */
export const TOLERANCE = 1e-6;

/** The elements that were checked; a row can be selected for the curve. */
export function Elements({ probe, selected }: { readonly probe: Probe; readonly selected: number | null }) {
  const size = probe.shape.reduce((product, n) => product * n, 1);
  return (
    <>
      <Scroll label="The elements">
        <table class="elements">
          <caption>
            {probe.entries.length} of {formatCount(size)} elements{' '}
            {probe.entries.length < size && <small>half with the largest gradients, half at random</small>}
          </caption>
          <Columns text={['element']} numbers={['value', 'analytic', 'numeric', 'error']}>
            <th scope="col">
              <span class="hidden">verdict</span>
            </th>
          </Columns>
          <tbody>
            {probe.entries.map(({ element, index, value, analytic, numeric, error }) => (
              <tr key={element} class={element === selected ? 'selected' : undefined}>
                <th scope="row">
                  <button
                    type="button"
                    class="quiet"
                    aria-pressed={element === selected}
                    onClick={() => element !== null && chooseElement(element)}
                  >
                    [{index?.join(', ')}]
                  </button>
                </th>
                <td class="number">{formatNumber(value ?? 0)}</td>
                <td class="number">{formatNumber(analytic, 6)}</td>
                <td class="number">{formatNumber(numeric, 6)}</td>
                <td class="number">{formatError(error)}</td>
                <td class={error <= TOLERANCE ? 'right' : 'wrong'}>
                  {error <= TOLERANCE ? '✓' : '✗'}
                  <span class="hidden">{error <= TOLERANCE ? 'agrees' : 'differs'}</span>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
      <NumberField
        label={`Another element, counted from 0 to ${size - 1}, row by row`}
        value={selected ?? 0}
        onCommit={chooseElement}
        check={(index) =>
          Number.isInteger(index) && index >= 0 && index < size
            ? null
            : `Needs a whole number from 0 to ${size - 1}.`
        }
      />
    </>
  );
}

import type { Probe, ProbeEntry } from '../../../study/probe/index.js';
import { formatCount, formatError, formatNumber } from '../../../tensor/format.js';
import { NumberField, wholeNumber } from '../../ui/fields.js';
import { Table } from '../../ui/table.js';
import { params } from './params.js';

/** Largest relative error that counts as agreement; the default of `probe`. */
const TOLERANCE = 1e-6;
/** Whether the two ways agree at an element. */
export const agrees = ({ error }: ProbeEntry): boolean => error <= TOLERANCE;

/** The elements that were checked; a row can be selected for the curve. */
export function Elements({ probe, selected }: { readonly probe: Probe; readonly selected: number | null }) {
  const size = probe.shape.reduce((product, n) => product * n, 1);
  const isSelected = ({ element }: ProbeEntry): boolean => element === selected;
  return (
    <>
      <Table
        label="The elements"
        class="elements"
        caption={
          <>
            {probe.entries.length} of {formatCount(size)} elements{' '}
            {probe.entries.length < size && (
              <small>half with the largest gradients, the others at random</small>
            )}
          </>
        }
        rows={probe.entries}
        attributes={(entry) => ({
          key: entry.element ?? -1,
          class: isSelected(entry) ? 'selected' : undefined,
        })}
        columns={[
          {
            title: 'element',
            kind: 'head',
            cell: (entry) => (
              <button
                type="button"
                class="quiet"
                aria-pressed={isSelected(entry)}
                onClick={() => params.set({ element: entry.element })}
              >
                [{entry.index?.join(', ')}]
              </button>
            ),
          },
          { title: 'value', kind: 'number', cell: ({ value }) => formatNumber(value ?? 0) },
          { title: 'analytic', kind: 'number', cell: ({ analytic }) => formatNumber(analytic, 6) },
          { title: 'numeric', kind: 'number', cell: ({ numeric }) => formatNumber(numeric, 6) },
          { title: 'error', kind: 'number', cell: ({ error }) => formatError(error) },
          {
            title: <span class="hidden">verdict</span>,
            class: (entry) => (agrees(entry) ? 'right' : 'wrong'),
            cell: (entry) => (
              <>
                {agrees(entry) ? '✓' : '✗'}
                <span class="hidden">{agrees(entry) ? 'agrees' : 'differs'}</span>
              </>
            ),
          },
        ]}
      />
      <NumberField
        label={`Another element, counted from 0 to ${size - 1}, row by row`}
        value={selected ?? 0}
        onCommit={(element) => params.set({ element })}
        check={wholeNumber(0, size - 1)}
      />
    </>
  );
}

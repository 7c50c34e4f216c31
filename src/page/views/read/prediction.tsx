import { useSignal } from '@preact/signals';
import { useId } from 'preact/hooks';
import { messageOf } from '../../../tensor/describe.js';
import { formatNumber } from '../../../tensor/format.js';
import type { Prediction as Asked, Choice } from '../../shared/document.js';
import { Problem } from '../../ui/card.js';
import type { Reading } from './reading.js';

const html = (text: string) => ({ dangerouslySetInnerHTML: { __html: text } });

const isRight = ({ from, to }: Choice, live: number): boolean => live >= from && live <= to;

/** A question before a result. The answer chosen is judged by the number that the engine then has. */
export function Prediction(props: {
  readonly asked: Asked;
  readonly reading: Reading;
  readonly onAnswer?: () => void;
}) {
  const { asked, reading, onAnswer } = props;
  const chosen = useSignal<number | null>(null);
  const live = useSignal<number | null>(null);
  const problem = useSignal<string | null>(null);
  const id = useId();
  const choose = async (k: number): Promise<void> => {
    chosen.value = k;
    problem.value = null;
    if (live.value !== null) return;
    try {
      live.value = await reading.ask(asked.source);
      onAnswer?.();
    } catch (error) {
      problem.value = messageOf(error);
    }
  };
  const number = live.value;
  const right = asked.choices.findIndex((choice) => number !== null && isRight(choice, number));
  return (
    <fieldset
      class="prediction"
      aria-busy={chosen.value !== null && number === null && problem.value === null}
    >
      <legend>Predict</legend>
      <div {...html(asked.question)} />
      {asked.choices.map((choice, k) => {
        const verdict = number === null ? '' : k === right ? 'right' : k === chosen.value ? 'wrong' : '';
        return (
          <label key={choice.html} class={verdict}>
            <input
              type="radio"
              name={id}
              checked={chosen.value === k}
              disabled={number !== null && k !== chosen.value}
              onChange={() => void choose(k)}
            />
            <span {...html(choice.html)} />
          </label>
        );
      })}
      <div role="status" class="verdict-line">
        {chosen.value !== null && number === null && problem.value === null && (
          <p class="soft small">The engine computes it ...</p>
        )}
        {number !== null && (
          <>
            <p>
              <b class={chosen.value === right ? 'right' : 'wrong'}>
                {chosen.value === right ? '✓ As predicted.' : '✗ Not as predicted.'}
              </b>{' '}
              The engine has <output data-live>{formatNumber(number)}</output>.
            </p>
            <div {...html(asked.answer)} />
          </>
        )}
      </div>
      <Problem text={problem.value} />
    </fieldset>
  );
}

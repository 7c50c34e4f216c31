import { tokensOf } from './equation-tokens.js';

/** A formula within a line of text. */
export function Formula({ text }: { readonly text: string }) {
  return (
    <>
      {tokensOf(text).map(({ kind, text: piece }) => {
        if (kind === 'lowered') return <sub>{piece}</sub>;
        return kind === 'raised' ? <sup>{piece}</sup> : piece;
      })}
    </>
  );
}

export interface EquationProps {
  /** As the study library prints it: `dL/dz[3,1]`. */
  readonly left: string;
  /** What it equals, one line each: `sum_k(g[3,k] * w[k,1])`. */
  readonly right: readonly string[];
}

/** A displayed formula, one line for each step; long lines wrap. */
export function Equation({ left, right }: EquationProps) {
  return (
    <div class="formula equation">
      {right.map((line, i) => (
        <p key={line}>
          {i === 0 && <Formula text={left} />} = <Formula text={line} />
        </p>
      ))}
    </div>
  );
}

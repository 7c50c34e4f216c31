import { describe, expect, it } from 'vitest';
import {
  add,
  backward,
  clamp,
  exp,
  formatGraph,
  graphOf,
  mul,
  neg,
  noGrad,
  stopGradient,
  sum,
  toDot,
  toJson,
  variable,
} from '../../src/autograd/index.js';
import { ones, type Tensor, tensor, zeros } from '../../src/tensor/index.js';

function example(): { x: Tensor; y: Tensor; z: Tensor; loss: Tensor } {
  const x = variable(tensor(2), 'x');
  const y = variable(tensor([3, 5]), 'y');
  const z = mul(x, y).named('z');
  const loss = add(sum(z), 0.5);
  return { x, y, z, loss };
}

describe('graphOf', () => {
  it('holds every tensor once, inputs first, the output last, constants included', () => {
    const { x, y, z, loss } = example();
    const graph = graphOf(loss);
    expect(graph.nodes.map((n) => n.op)).toEqual(['variable', 'variable', 'mul', 'sum', 'constant', 'add']);
    expect(graph.nodes.map((n) => n.id)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(graph.nodes.map((n) => n.label)).toEqual(['x', 'y', 'z', undefined, undefined, undefined]);
    expect(graph.nodes.slice(0, 3).map((n) => n.value)).toEqual([x, y, z]);
    expect(graph.output).toBe(graph.nodes[5]);
    for (const node of graph.nodes) for (const input of node.inputs) expect(input.id).toBeLessThan(node.id);
  });

  it('keeps an input that is used twice as one node, named twice', () => {
    const x = variable(tensor(3));
    const { nodes, output } = graphOf(mul(x, x));
    expect(nodes.length).toBe(2);
    expect(output.inputs).toEqual([nodes[0], nodes[0]]);
  });

  it('shows gradients beside values, where they reach', () => {
    const { x, loss } = example();
    const stopped = add(loss, stopGradient(x));
    const { nodes } = graphOf(stopped, backward(stopped));
    const gradientOf = (op: string, label?: string) =>
      nodes.find((n) => n.op === op && n.label === label)?.gradient?.toArray();
    expect(gradientOf('variable', 'x')).toBe(8);
    expect(gradientOf('mul', 'z')).toEqual([1, 1]);
    expect(gradientOf('stopGradient')).toBeUndefined();
    expect(gradientOf('constant')).toBeUndefined();
    expect(graphOf(stopped).nodes.every((n) => n.gradient === undefined)).toBe(true);
  });

  it('of plain data is that one constant', () => {
    const { nodes, output } = graphOf(noGrad(() => exp(variable(tensor(0)))));
    expect(nodes).toEqual([output]);
    expect([output.op, output.inputs.length]).toEqual(['constant', 0]);
  });
});

describe('formatGraph', () => {
  it('prints one line per tensor', () => {
    const { loss } = example();
    expect(formatGraph(graphOf(loss, backward(loss)))).toBe(
      [
        '%0 x = variable []  value 2  gradient 8',
        '%1 y = variable [2]  value 3..5, mean 4  gradient 2..2, mean 2',
        '%2 z = mul(%0, %1) [2]  value 6..10, mean 8  gradient 1..1, mean 1',
        '%3 = sum(%2) {"axes":[0],"keepDims":false} []  value 16  gradient 1',
        '%4 = constant []  value 0.5',
        '%5 = add(%3, %4) []  value 16.5  gradient 1',
      ].join('\n'),
    );
  });

  it('says what is empty, infinite or NaN', () => {
    const x = variable(tensor([1, Number.NEGATIVE_INFINITY]));
    const text = formatGraph(graphOf(clamp(x, { max: 2 })));
    expect(text).toBe(
      [
        '%0 = variable [2]  value -Infinity..1, mean -Infinity',
        '%1 = clamp(%0) {"min":"-Infinity","max":2} [2]  value -Infinity..1, mean -Infinity',
      ].join('\n'),
    );
    expect(formatGraph(graphOf(neg(variable(zeros([0, 2])))))).toContain('%1 = neg(%0) [0, 2]  value empty');
    expect(formatGraph(graphOf(tensor([1, Number.NaN])))).toBe('%0 = constant [2]  value NaN..NaN, mean NaN');
  });
});

describe('toDot', () => {
  /** The label of a node as Graphviz reads it. */
  const labelIn = (line: string): string => {
    const [, text = ''] = /label="((?:[^"\\]|\\.)*)"\];$/.exec(line) ?? [];
    return text.replace(/\\(.)/g, (_, c: string) => (c === 'n' ? '\n' : c));
  };

  it('has a node for every tensor and an edge for every input', () => {
    const { loss } = example();
    const lines = toDot(graphOf(loss, backward(loss))).split('\n');
    expect([lines[0], lines[1], lines.at(-1)]).toEqual(['digraph {', '  rankdir=LR;', '}']);
    const body = lines.slice(2, -1);
    for (const line of body) {
      expect(line).toMatch(/^ {2}n\d+( -> n\d+;| \[shape=\w+, label="(?:[^"\\]|\\.)*"\];)$/);
    }
    const edges = body.filter((line) => line.includes('->')).map((line) => line.trim());
    expect(edges).toEqual(['n0 -> n2;', 'n1 -> n2;', 'n2 -> n3;', 'n3 -> n5;', 'n4 -> n5;']);
    const nodes = body.filter((line) => !line.includes('->'));
    expect(nodes.map((line) => /shape=(\w+)/.exec(line)?.[1])).toEqual([
      'box',
      'box',
      'ellipse',
      'ellipse',
      'plaintext',
      'ellipse',
    ]);
    expect(labelIn(nodes[2])).toBe('z = mul [2]\n6..10, mean 8\ngradient 1..1, mean 1');
  });

  it.each(['say "z"', 'a\\b', 'ends in \\', 'two\nlines', '"];} n9 -> n8; {', 'µ ≥ σ'])(
    'escapes the label %j',
    (label) => {
      const lines = toDot(graphOf(variable(tensor(1), label))).split('\n');
      expect(lines.length).toBe(4);
      expect(lines[2]).toMatch(/^ {2}n0 \[shape=box, label="(?:[^"\\]|\\.)*"\];$/);
      expect(labelIn(lines[2])).toBe(`${label} = variable []\n1`);
    },
  );
});

describe('toJson', () => {
  it('survives JSON, whatever the values and attributes are', () => {
    const x = variable(tensor([1, Number.NaN, Number.POSITIVE_INFINITY]), 'x');
    const y = clamp(x, { min: -1 });
    const data = toJson(graphOf(y, backward(y, { cotangent: ones([3]) })));
    const parsed: unknown = JSON.parse(JSON.stringify(data));
    expect(parsed).toEqual(data);
    expect(parsed).toEqual({
      output: 1,
      nodes: [
        {
          id: 0,
          op: 'variable',
          label: 'x',
          inputs: [],
          attributes: null,
          dtype: 'float32',
          shape: [3],
          value: [1, 'NaN', 'Infinity'],
          gradient: [1, 0, 1],
        },
        {
          id: 1,
          op: 'clamp',
          label: null,
          inputs: [0],
          attributes: { min: -1, max: 'Infinity' },
          dtype: 'float32',
          shape: [3],
          value: [1, 'NaN', 'Infinity'],
          gradient: [1, 1, 1],
        },
      ],
    });
  });

  it('leaves out elements on request', () => {
    const text = JSON.stringify(toJson(graphOf(example().loss), { values: false }));
    expect(text).not.toContain('value"');
    expect(text).not.toContain('gradient');
    expect(text).toContain('"shape":[2]');
  });

  it('has null where no gradient is known', () => {
    expect(JSON.stringify(toJson(graphOf(variable(tensor(1)))))).toContain('"value":[1],"gradient":null');
  });
});

describe('a graph of 100,000 nodes', () => {
  it('is walked and printed without exhausting the stack', () => {
    let y = variable(tensor(1));
    for (let i = 1; i < 100_000; i++) y = neg(y);
    const graph = graphOf(y, backward(y));
    expect(graph.nodes.length).toBe(100_000);
    expect(graph.nodes.every((n, i) => n.id === i && n.inputs.every((x) => x.id === i - 1))).toBe(true);
    expect(formatGraph(graph).split('\n').length).toBe(100_000);
    expect(toDot(graph).split('\n').length).toBe(3 + 100_000 + 99_999);
    expect(JSON.stringify(toJson(graph)).length).toBeGreaterThan(1e6);
  });

  it('is printed when one op has 10,000 constants', () => {
    let y = variable(tensor(0));
    for (let i = 0; i < 10_000; i++) y = add(y, i);
    expect(graphOf(y).nodes.length).toBe(20_001);
  });
});

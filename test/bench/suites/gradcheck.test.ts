import { expect, it } from 'vitest';
import { measure } from '../../../bench/measure/gradcheck.js';
import { summarize } from '../../../bench/report/statistics.js';
import { gradcheck } from '../../../bench/suites/gradcheck.js';

it('counts verdicts, and shows them in a line for each subject', () => {
  const [job] = gradcheck.jobs({
    quick: true,
    cores: 1,
    root: '/project',
    peers: [],
    images: null,
    ours: (part, settings) => ({ file: part, args: [JSON.stringify(settings)], env: {} }),
  });
  const [{ row, values }] = measure(JSON.parse(job.command.args[0]));
  const { right, rightCalledWrong, undecided, wrong, wrongPassed } = values;
  expect({ right, rightCalledWrong, wrongPassed }).toEqual({
    right: 20,
    rightCalledWrong: 0,
    wrongPassed: 0,
  });
  expect(wrong).toBeGreaterThan(15);
  const summaries = Object.entries(values).map(([name, value]) => [name, summarize([value])]);
  const report = gradcheck.report([{ who: job.who, row, values: Object.fromEntries(summaries) }]);
  expect(report).toMatch(new RegExp(`pathwise.* 0 of ${wrong} +0 of 20 +${undecided} of 20`));
});

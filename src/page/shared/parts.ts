import { parseJson } from '../../tensor/json.js';

/** The parts of a model by their role, from the text of a setting; none where it is not JSON. */
export function partsIn(model: string): Readonly<Record<string, unknown>> {
  try {
    return { ...Object(parseJson(model)) };
  } catch {
    return {};
  }
}

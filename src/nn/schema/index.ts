export { JsonReader } from './json.js';
export { complete, pick } from './read.js';
export {
  type About,
  choice,
  type Fields,
  type Given,
  type Group,
  group,
  integer,
  list,
  number,
  optional,
  type Setting,
  text,
  toggle,
  type Values,
} from './setting.js';
export {
  flagOf,
  flagWords,
  keyOf,
  type Leaf,
  labelOf,
  leavesOf,
  matters,
  nested,
  rows,
  textNeedOf,
  unusual,
  valueAt,
  valueOfText,
  written,
} from './text.js';

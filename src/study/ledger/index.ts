export { type DimensionRow, dimensionRows } from './dimensions.js';
export { type HandFormulas, type HandInputs, type HandWorked, handFormulas } from './hand.js';
export { type Entry, type Ledger, type LedgerOptions, ledger } from './ledger.js';
export { type LedgerRecord, LedgerRecorder, ledgerOf } from './recorder.js';

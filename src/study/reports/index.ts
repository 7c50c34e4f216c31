export { auditReport } from './audit.js';
export { type Broken, breakCharts, mutationReport, mutationsReport } from './break.js';
export {
  type EstimatorSetting,
  type EstimatorStudy,
  estimatorCharts,
  estimatorReport,
} from './estimators.js';
export { type LedgerStudy, ledgerReport } from './ledger.js';
export type { Axis, Chart, Column, Report, Series, Table } from './report.js';
export { type SandboxStage, type SandboxStudy, sandboxReport } from './sandbox.js';

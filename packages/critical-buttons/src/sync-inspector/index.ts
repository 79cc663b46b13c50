export { SyncInspector, type SyncInspectorProps } from './SyncInspector.js'

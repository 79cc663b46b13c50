import { createDependencies, loadConfig, startApi } from '@org/api'
import { code, table } from './table.mjs'

// What prom-client adds for every Node process is described there.
const OF_NODE = /^(process|nodejs)_/

/** Asks a running API for its figures and reads their help. */
export async function metricTable() {
  const config = loadConfig({
    PORT: '0',
    DATA_DIR: ':memory:',
    LOG_LEVEL: 'silent',
    JWKS_URL: 'http://127.0.0.1:9/',
    TWILIO_ACCOUNT_SID: 'ACdocs0',
    TWILIO_AUTH_TOKEN: 'docs',
    TWILIO_FROM: '+15005550006',
    TWILIO_API_BASE_URL: 'http://127.0.0.1:9',
  })
  const api = await startApi(await createDependencies(config))
  const text = await (await fetch(`${api.url}/metrics`)).text()
  await api.stop()
  return table(['Figure', 'Kind', 'Means'], readMetrics(text))
}

function readMetrics(text) {
  return [...text.matchAll(/^# HELP (\S+) (.*)\n# TYPE \S+ (\S+)$/gm)]
    .filter(([, name]) => !OF_NODE.test(name))
    .map(([, name, help, kind]) => [code(name), kind, help])
}

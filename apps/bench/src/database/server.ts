import { createDependencies, loadConfig, startApi } from '@org/api'

// The API as it is deployed, in a process of its own, so that client and server do not share one thread.
const api = await startApi(await createDependencies(loadConfig(process.env)))
process.send?.({ url: api.url })
process.on('message', () => void api.stop().then(() => process.exit(0)))

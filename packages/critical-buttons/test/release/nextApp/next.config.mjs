/** The plainest settings: what works here works without any help of the host's. */
const config = { devIndicators: false }

export { config as default }

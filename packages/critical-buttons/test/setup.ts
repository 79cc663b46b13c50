import '@testing-library/jest-dom/jest-globals'

// React's scheduler would keep one port of Node's MessageChannel open, and with it the process.
Reflect.deleteProperty(globalThis, 'MessageChannel')

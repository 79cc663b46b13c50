import { joinClassNames } from './classNames.js'

/** The hooks every part carries: our class, the host's, and its name in `data-part`. */
export function part(name: string, className?: string): { className: string; 'data-part': string } {
  return { className: joinClassNames(`cb-${name}`, className), 'data-part': name }
}

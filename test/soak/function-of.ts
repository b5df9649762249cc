/** Code of one idiom. */
export function functionOf(name: string): string {
  return `export function ${name}(items) {\n  let total = 0;\n  for (const item of items) total += item.${name};\n  return total;\n}\n\n`;
}

/** Lines of code of which no two are quite the same. @param from number of the first */
export function sourceOf(count: number, from = 0): string {
  return Array.from({ length: count }, (_, i) => lineOf(from + i)).join("");
}

function lineOf(i: number): string {
  switch (i % 6) {
    case 0:
      return `export function handle${i}(request, response) {\n`;
    case 1:
      return `  const value${i} = request.query.get("key${i % 17}");\n`;
    case 2:
      return `  for (let i = 0; i < value${i - 1}.length; i++) {\n`;
    case 3:
      return `    response.write(value${i - 2}[i]);\n`;
    case 4:
      return "  }\n";
    default:
      return "}\n";
  }
}

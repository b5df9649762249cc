import assert from "node:assert/strict";
import { isGenerated } from "../../src/corpus/generated.ts";

const english = "The river carries the letters of the winter slowly past the market; nobody remembers who wrote them. ";
const russian = "Река медленно несёт зимние письма мимо рынка, и никто не помнит, кто их написал. ";
const hindi = "नदी सर्दी की चिट्ठियाँ धीरे धीरे बाज़ार के पास से ले जाती है और किसी को याद नहीं कि उन्हें किसने लिखा। ";
const chinese = "河水慢慢地带着冬天的信经过市场，没有人记得是谁写的。";
const compounds = "Versicherungsgesellschaften beaufsichtigt grundsätzlich die Bundesverwaltungsbehörde. ";
const thai = "แม่น้ำพัดพาจดหมายฤดูหนาวผ่านตลาดไปอย่างช้าๆและไม่มีใครจำได้ว่าใครเป็นคนเขียน";

/** A text of some paragraphs, each in a line of about so many characters. */
function paragraphs(sentence: string, length: number, lineEnd = "\n"): string {
  return `${sentence.repeat(Math.ceil(length / sentence.length))}${lineEnd}`.repeat(20);
}

describe("whether a text is data or minified code", () => {
  it("is no for prose with a paragraph on each line, in any script and of any length", () => {
    for (const sentence of [english, russian, hindi, chinese, thai, compounds]) {
      for (const length of [70, 250, 2500]) assert.equal(isGenerated(paragraphs(sentence, length)), false, sentence);
      assert.equal(isGenerated(sentence.repeat(500)), false, `one line: ${sentence}`);
    }
  });

  it("is no for Markdown and LaTeX with links, emphasis and formulas in long lines", () => {
    const markdown = `${english}See [the map](https://example.org/maps/river.html) and *the letters* of \`post.ts\`. ${english}`;
    assert.equal(isGenerated(`## 1 Rivers\n\n${paragraphs(markdown, 600, "\n\n")}`), false);
    const latex = `${english}As \\cite{river} shows, $v = s / t$ holds for \\emph{all} letters. ${english}`;
    assert.equal(isGenerated(paragraphs(latex, 600)), false);
  });

  it("is no for a bibliography and for prose with many web addresses and numbers in long lines", () => {
    const entries = Array.from(
      { length: 40 },
      (_, i) =>
        `* 20${i + 10}-01-10: [**A study of recurrent networks**](https://example.org/abs/2301.010${i}), by A. Author, B. Writer et al., which shows that recurrent networks of 512 units with 3 layers reach 1.${i} bits per character (95 % interval 1.2–1.4); see also the code at https://example.org/author/repo-${i}?v=${i} and the talk at www.example.org/watch/abc${i}DEF.`,
    );
    assert.equal(isGenerated(entries.join("\n")), false);
    const linked = Array.from(
      { length: 20 },
      (_, i) =>
        `${english}See the [guide ${i}](https://example.org/docs/guide/${i}/index.html?version=${i}#section-${i}) and [what \`fn_${i}(x)\` returns](https://example.org/reference/${i}/api.html#fn-${i}).`,
    );
    assert.equal(isGenerated(linked.join("\n\n")), false);
    // Addresses do not make prose of data.
    const data = 'a={u:"https://example.org/a/b/c/d/e/f/g/h",n:1,s:[1,2,3],f:function(e){return e.u+e.n}};'.repeat(50);
    assert.equal(isGenerated(data), true);
  });

  it("is no for prose whose lines begin with a bracket, and yes for JSON of prose", () => {
    const beginnings = [
      "[00:12:30] ",
      "[12] Author, Anna: ",
      "[x] ",
      "[ ] ",
      '["What a river," she said.] ',
      "[12:03:22] <bob> ",
    ];
    for (const beginning of beginnings)
      assert.equal(isGenerated(`${beginning}${english.repeat(4)}\n`.repeat(20)), false, beginning);
    for (const [open, close] of [
      ['{"text": "', '"}'],
      ['["', '", "b"]'],
      ['[[1, "', '"]]'],
      ['[{"a": {"b": "', '"}}]'],
      ['[], ["', '"]'],
    ])
      assert.equal(isGenerated(`${open}${english.repeat(4)}${close}\n`.repeat(20)), true, open);
  });

  it("depends on lines with any kind of line end", () => {
    const line = "const answer = compute([1, 2, 3], { deep: true });";
    for (const end of ["\n", "\r\n", "\r", "\u2028", "\u0085"])
      assert.equal(isGenerated((line + end).repeat(100)), false);
    assert.equal(isGenerated(line.repeat(100)), true);
  });

  it("depends on characters, not on bytes or UTF-16 units", () => {
    assert.equal(isGenerated(`${"𝛼=1;".repeat(45)}\n`.repeat(9)), false);
    assert.equal(isGenerated(`${"𝛼=1;".repeat(60)}\n`.repeat(9)), true);
  });

  it("is yes for minified code, encoded bytes, rows of numbers and JSON, whatever text the JSON holds", () => {
    const samples = {
      code: 'function t(e,n){for(var r=0;r<n.length;r++){var i=n[r];i.x=i.x||!1,"v"in i&&(i.w=!0),Object.d(e,i.key,i)}}'.repeat(
        50,
      ),
      css: ".a{color:red;margin:0 auto}.b>.c:hover{display:none;background:#fff url(a.png)}".repeat(50),
      base64: `${Buffer.from(english.repeat(10)).toString("base64")}\n`.repeat(5),
      hexadecimal: Buffer.from(english.repeat(10)).toString("hex"),
      numbers: `${Array.from({ length: 80 }, (_, i) => (i * 0.731).toFixed(3)).join(", ")}\n`.repeat(5),
      genome: `${"GATTACA".repeat(80)}\n`.repeat(5),
      lines: `${JSON.stringify({ id: 1, text: english.repeat(5) })}\n`.repeat(9),
      list: JSON.stringify([{ text: english.repeat(9) }, { text: russian.repeat(9) }]),
    };
    for (const [kind, text] of Object.entries(samples)) assert.equal(isGenerated(text), true, kind);
  });
});

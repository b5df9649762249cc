import { classify } from "../../src/model/classify.ts";
import { LanguageModel } from "../../src/model/language-model.ts";
import { table } from "../markdown.ts";
import { progress } from "../support.ts";
import { NaiveBayes } from "./naive-bayes.ts";
import { cutPieces, type LabelledText, labelledFiles } from "./pieces.ts";

const lengths = [50, 200, 1000];
const piecesPerLabel = 100;

/** Accuracy of a many-to-one network and of naive Bayes: the language of pieces of held-out packages. */
export async function compareClassifiers(path: string, trainFolder: string, heldOutFolder: string): Promise<string> {
  const model = await LanguageModel.loadAny(path);
  const { labels } = model.info.architecture;
  progress("naive Bayes reads the packages");
  const bayes = await NaiveBayes.train(labelledFiles(trainFolder));
  const heldOut: LabelledText[] = [];
  for await (const file of labelledFiles(heldOutFolder)) if (labels.includes(file.label)) heldOut.push(file);
  const rows: string[][] = [];
  for (const length of lengths) {
    const { pieces, leftOut } = cutPieces(heldOut, length, piecesPerLabel, 1);
    let [network, peer] = [0, 0];
    for (const { text, label } of pieces) {
      const [likeliest] = await classify(model, text);
      if (likeliest?.label === label) network++;
      if (bayes.classify(text) === label) peer++;
    }
    const languages = new Set(pieces.map(({ label }) => label)).size;
    rows.push([
      `${length}`,
      `${pieces.length} of ${languages} languages${leftOut.size > 0 ? `, without ${[...leftOut.keys()].join(", ")}` : ""}`,
      share(network / pieces.length),
      share(peer / pieces.length),
    ]);
  }
  await model.release();
  return `\n### Many-to-one: the language of a piece of a held-out package\n\n${table(["characters", "pieces", "network", "naive Bayes"], rows)}`;
}

function share(value: number): string {
  return value.toFixed(3);
}

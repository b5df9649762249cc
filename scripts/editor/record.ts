import { setTimeout } from "node:timers/promises";
import type { Browser, Locator, Page } from "playwright-core";
import { animatedPng, type Frame } from "./animated-png.ts";

/** Milliseconds between two pictures. */
const period = 90;
/** How long the last picture stays, before the animation begins anew. */
const rest = 2000;

/** A picture of the whole part, as a PNG file, and how long it is shown. */
interface Picture {
  readonly png: Buffer;
  readonly milliseconds: number;
}

/** Takes pictures of a part of the window while something is done. @returns an animated PNG that has of each picture only what has changed */
export async function record(browser: Browser, part: Locator, doing: () => Promise<void>): Promise<Uint8Array> {
  const pictures: Picture[] = [];
  let isDone = false;
  const work = doing().finally(() => {
    isDone = true;
  });
  while (!isDone) {
    const begun = performance.now();
    const png = await part.screenshot({ animations: "disabled", caret: "initial" });
    const left = period - (performance.now() - begun);
    if (left > 0) await setTimeout(left);
    pictures.push({ png, milliseconds: Math.round(performance.now() - begun) });
  }
  await work;
  const last = pictures.pop();
  const page = await browser.newPage();
  try {
    return animatedPng(await changesOf(last ? [...pictures, { ...last, milliseconds: rest }] : [], page));
  } finally {
    await page.close();
  }
}

/** The frames of some pictures: of each, the rectangle in which it differs from the one before. @param page an empty one, which draws them */
async function changesOf(pictures: readonly Picture[], page: Page): Promise<Frame[]> {
  const frames: Frame[] = [];
  for (const { png, milliseconds } of pictures) {
    const change = await page.evaluate(changeTo, png.toString("base64"));
    const last = frames.at(-1);
    if (change) frames.push({ ...change, png: Buffer.from(change.png, "base64"), milliseconds });
    else if (last) frames[frames.length - 1] = { ...last, milliseconds: last.milliseconds + milliseconds };
  }
  return frames;
}

/** Runs in the page: draws a picture over the one before. @returns what has changed; undefined: nothing */
async function changeTo(
  picture: string,
): Promise<{ readonly png: string; readonly x: number; readonly y: number } | undefined> {
  const image = new Image();
  image.src = `data:image/png;base64,${picture}`;
  await image.decode();
  const { width, height } = image;
  const drawn = (of: CanvasImageSource, x: number, y: number, w: number, h: number): CanvasRenderingContext2D => {
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [w, h];
    const context = canvas.getContext("2d") as CanvasRenderingContext2D;
    context.drawImage(of, -x, -y);
    return context;
  };
  const pixels = new Uint32Array(drawn(image, 0, 0, width, height).getImageData(0, 0, width, height).data.buffer);
  const store = window as unknown as { former?: Uint32Array };
  const former = store.former;
  store.former = pixels;
  let [left, top, right, bottom] = former ? [width, height, -1, -1] : [0, 0, width - 1, height - 1];
  for (let i = 0; former && i < pixels.length; i++) {
    if (pixels[i] === former[i]) continue;
    const [x, y] = [i % width, Math.floor(i / width)];
    [left, top, right, bottom] = [Math.min(left, x), Math.min(top, y), Math.max(right, x), Math.max(bottom, y)];
  }
  if (right < left) return undefined;
  const url = drawn(image, left, top, right - left + 1, bottom - top + 1).canvas.toDataURL("image/png");
  return { png: url.slice(url.indexOf(",") + 1), x: left, y: top };
}

// uPlot formats numbers in the browser's language as soon as it is loaded. Where the locale is POSIX, Chromium names one that is invalid.
try {
  new Intl.NumberFormat(navigator.language);
} catch {
  Object.defineProperty(navigator, "language", { value: "en-US" });
}

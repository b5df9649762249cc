/**
 * Node's options for the server. Each request creates many short-lived arrays. By default, V8 lets some 48 MB of them pile up, which makes
 * no request faster. The option limits each half of V8's young generation to 2 MB instead of 16.
 */
export const serverOptions = ["--max-semi-space-size=2"];

/**
 * What the server has in its environment besides. Once a large array was freed, such as the weights of a model, glibc keeps up to 64 MB of
 * freed memory for the next ones. With a fixed threshold, its usual one, each large array is given back at once. Other systems ignore the
 * variable.
 */
export const serverEnvironment = { MALLOC_MMAP_THRESHOLD_: "131072" };

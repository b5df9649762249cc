/**
 * The version of the rules by which a corpus is made of files. A packed corpus records it, and is refused by a Murmur with other rules.
 * Raise it with each change after which the same files give another corpus: other files chosen (walk, ignore rules, names, sizes, data),
 * another text of a file (encodings, notebooks, line ends, lines with likely secrets), or another split or order.
 */
export const rulesVersion = 4;

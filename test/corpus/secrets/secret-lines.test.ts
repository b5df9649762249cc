import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { chooseFiles, readTextFile } from "../../../src/corpus/files.ts";
import { holdsSecret, secretPassages, withoutSecrets } from "../../../src/corpus/secrets/secret-lines.ts";
import { counter, type Skipped } from "../../../src/corpus/skipped.ts";
import { fileSource, textOf } from "../../../src/corpus/text-source.ts";
import { Folder } from "../../support/folder.ts";
import { chosenFile } from "../support.ts";

/** Characters that look random, the same each time. */
function random(length: number, seed: string): string {
  let text = "";
  for (let i = 0; text.length < length; i++) text += createHash("sha256").update(`${seed} ${i}`).digest("base64");
  return text.replace(/[+/=]/g, "").slice(0, length);
}

function hexadecimal(length: number, seed: string): string {
  return createHash("sha256").update(seed).digest("hex").slice(0, length);
}

const pem = Array.from({ length: 12 }, (_, i) => random(64, `key ${i}`)).join("\n");

/** A secret for each kind of format; put together here, so that no scanner of this repository's text finds them. */
const secretLines: Readonly<Record<string, string>> = {
  "an AWS access key": `const id = "AKIA${random(16, "aws").toUpperCase()}";`,
  "an AWS secret key": `AWS_SECRET_ACCESS_KEY=${random(40, "aws secret")}`,
  "a GitHub token": `git clone https://ghp_${random(36, "github")}@example.com/x.git`,
  "a Slack token": `slack("xoxb-${"1234567890"}-${"1234567890"}-${random(24, "slack")}")`,
  "a password in a URL": `fetch("https://someone:${random(12, "url")}@example.com/x")`,
  "a database's password": `postgres://app:${random(12, "db")}@db.example.com:5432/app`,
  "a JSON Web Token": `curl -H "Authorization: Bearer eyJ${random(40, "head")}.eyJ${random(60, "body")}.${random(43, "mac")}"`,
  "a token of no known format": `client.login("${random(40, "unknown")}")`,
  "a service's prefix and hexadecimal digits": `doctl auth init -t dop_v1_${hexadecimal(64, "ocean")}`,
  "the same in a setting": `access = pul-${hexadecimal(40, "pulumi")}`,
  "a Discord token": `client.login("M${random(23, "bot")}.${random(6, "time")}.${random(30, "code")}")`,
  "a password on standard input": `echo ${random(10, "stdin")} | docker login -u bob --password-stdin`,
  "a line of a password file": `db.example.org:5432:app:bob:${random(10, "pgpass")}`,
  "a password in code": `password = "${"correct"}-horse-9";`,
  "a password in JSON": `  "dbPassword": "${"s3cret"}Sauce",`,
  "a password in a shell": `export DB_PASSWORD=${"Hunter"}2024`,
  "a password's hash": `root:$6$saltsalt$${random(86, "hash")}:19000:0:99999:7:::`,
  "a key in YAML": `  api_key: ${"abcd1234"}efgh5678`,
};

const innocent = `
const token = tokens[i + 1];
const accessToken: AccessToken2 = await getToken();
if (password === undefined) throw new Error("no password");
export const apiKey = process.env.API_KEY2;
  password: string;
  password: \${PASSWORD123}
password_hash = hash(password1)
"$1$2/foo/bar/baz/$3.html"
'$2$1-some-long-suffix-3'
new Secret("app-settings")
secret("postgres")
const thisIsAVeryLongFunctionNameThatGoesOnAndOn2 = 1;
import { x } from "../../src/completion/prediction/local/AdaptiveProbability2.ts";
postgres://\${user}:\${password}@localhost:5432/app
2024-01-02T10:11:12:info:server:started
src/a.ts:12:34:error:message
integrity = "sha256-e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
sha256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
`;

describe("a line with a likely secret", () => {
  for (const [name, line] of Object.entries(secretLines)) {
    it(`is left out and counted: ${name}`, () => {
      assert.deepEqual(withoutSecrets(`first\n${line}\nlast\n`), { text: "first\nlast\n", secretLines: 1 });
      assert.deepEqual(withoutSecrets(`first\r\n${line}`), { text: "first\r\n", secretLines: 1 });
      assert.ok(secretPassages(line).length > 0, "as it is typed");
    });
  }

  it("is not a sentence about an option", () => {
    for (const line of [
      "// the --password option is deprecated",
      "# Use --password together with --user",
      "  --password  specify the password",
      "use --passphrase instead",
      "the words that follow `--password` in a sentence",
    ]) {
      assert.deepEqual(withoutSecrets(`first\n${line}\nlast\n`), { text: `first\n${line}\nlast\n`, secretLines: 0 });
    }
  });

  it("is recognised from a password's first character on while it is typed", () => {
    for (const line of [
      'password = "c"',
      "const dbPassword = 'c",
      '  "clientSecret": "c"',
      "DB_PASSWORD=c",
      "export API_KEY=c",
    ]) {
      assert.equal(holdsSecret(line), true, line);
      assert.equal(holdsSecret(`x = 1;\n${line}`), true, line);
    }
    for (const line of [...innocent.split("\n"), 'password = "', 'x = "password"', "f(token=c)"]) {
      assert.equal(holdsSecret(line), false, line);
    }
  });

  it("is each line of a private key", () => {
    const key = `-----BEGIN RSA PRIVATE ${"KEY"}-----\n${pem}\nYQ==\n-----END RSA PRIVATE ${"KEY"}-----\n`;
    assert.deepEqual(withoutSecrets(`first\n${key}last\n`), { text: "first\nlast\n", secretLines: 15 });
    for (const line of pem.split("\n")) assert.ok(secretPassages(line).length > 0, line);
  });

  it("counts once, however much of it is secret", () => {
    const line = Object.values(secretLines).join(" ");
    assert.deepEqual(withoutSecrets(`first\n${line}\nlast`), { text: "first\nlast", secretLines: 1 });
  });

  it("is not one that merely mentions secrets", () => {
    const text = `${innocent}TOKEN_LIMIT=200000\n`;
    assert.deepEqual(withoutSecrets(text), { text, secretLines: 0 });
  });

  it("is rare in source code", () => {
    const folder = join(import.meta.dirname, "../../../src");
    let [lines, secret] = [0, 0];
    for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const text = readFileSync(join(entry.parentPath, entry.name), "utf8");
      lines += text.split("\n").length;
      secret += withoutSecrets(text).secretLines;
    }
    assert.ok(lines > 5000 && secret <= lines / 5000, `${secret} of ${lines}`);
  });

  it("is neither read nor trained on, wherever it stands in a file", async () => {
    const line = "const answer = 42; // no secret\n";
    const key = `-----BEGIN PRIVATE ${"KEY"}-----\n${pem}\nYQ==\n-----END PRIVATE ${"KEY"}-----\n`;
    // Longer than what is looked at at once, with secrets around all places where it may be cut.
    const filler = (length: number) => line.repeat(length / line.length);
    const parts = [
      filler(65_000),
      key,
      filler(64_000),
      key,
      filler(65_200),
      `${secretLines["a password in code"]}\n`,
      filler(3000),
    ];
    await using folder = await Folder.with({ "a.js": parts.join("") });
    const expected = parts.filter((_, i) => i % 2 === 0).join("");
    const source = await fileSource(chosenFile(folder, "a.js"));
    assert.equal(textOf(source), expected);
    assert.equal(source.chars, expected.length);
    assert.equal(source.secretLines, 31);
    const reasons: Skipped = {};
    assert.equal((await readTextFile(folder.join("a.js"), counter(reasons)))?.text, expected);
    assert.deepEqual(reasons, { "secret line": 31 });
  });
});

describe("choosing files", () => {
  it("leaves out and counts files whose names say that they hold secrets", async () => {
    const text = "const answer = 42;\n".repeat(20);
    const names = [".env", "prod.env", ".aws/config", "config/serviceAccountKey.json", "a.ts"];
    await using folder = await Folder.with(Object.fromEntries(names.map((name) => [name, text])));
    const { files, skipped } = await chooseFiles([folder.path], { exclude: [] });
    assert.deepEqual([files.map(({ name }) => name), skipped], [["a.ts"], { secret: 4 }]);
  });
});

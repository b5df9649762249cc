import assert from "node:assert/strict";
import fc from "fast-check";
import { publicLines } from "../../src/corpus/learnable-text.ts";
import { holdsSecret, secretPassages, withoutSecrets } from "../../src/corpus/secret-lines.ts";

const strong = `S3cret${"Pa55w0rd!"}`;
const plain = `Zq7K${"vN2xR9tB"}`;
const hex = `9f86d081${"884c7d659a2feaa0c55ad015"}`;

/** What stands before a value, the value, and what stands after it; put together here, so that no scanner finds them. */
const examples: readonly (readonly [before: string, value: string, after: string])[] = [
  ["db_password: ", strong, ""],
  ["db_password: ", `Sommer${"2024x"}`, ""],
  ["db_password: ", `Sommer${"2024"}`, "  # until spring"],
  ["  password: ", `Pa$$w0rd${"2024"}`, ""],
  ['  "dbPassword": "', strong, '",'],
  ["password: >- ", strong, ""],
  ["password: '", strong, "'"],
  ["DB_PASSWORD=", plain, ""],
  ["export API_KEY=", plain, ""],
  ["docker run -e DB_PASSWORD=", plain, " image"],
  ["mysql --password=", plain, " shop"],
  ["mysql --password ", strong, " shop"],
  ["CREATE ROLE app PASSWORD '", plain, "';"],
  ["CREATE USER app IDENTIFIED BY '", plain, "';"],
  ["password = ", `Sommer${"2024x"}`, ""],
  ["db.password=", plain, ""],
  ["define('DB_PASSWORD', '", plain, "');"],
  ['<add key="DbPassword" value="', plain, '" />'],
  ["  <password>", plain, "</password>"],
  ["<db.password>", plain, "</db.password>"],
  ["Authorization: Bearer ", hex, ""],
  [`curl -H "Authorization: Bearer `, hex, '" https://example.com'],
  [`headers["Authorization"] = "Bearer `, hex, '"'],
  ["{ Authorization: `Bearer ", hex, "` }"],
  ["Authorization: Basic ", `dXNlcjpw${"YXNzd29yZDE="}`, ""],
  ["redis://:", plain, "@host/0"],
  ["amqp://app:", plain, "@[::1]:5672"],
  ["const key = '", `AIza${"SyA1b2C3d4E5f6G7"}${"h8I9j0K1l2M3n4O5p6q"}`, "'"],
  ['var c = "Server=db;User Id=sa;Password=', plain, ';Encrypt=true";'],
  ['"Server=db;Pwd=', plain, '"'],
  ["https://example.com/maps?api_key=", plain, "&zoom=3"],
  ['const PASSWORD: string = "', plain, '";'],
  [`const PASSWORD: &'static str = "`, plain, '";'],
  ['var password string = "', plain, '"'],
  ['char password[] = "', plain, '";'],
  ['pwd = "', plain, '"'],
  ["dbPwd = '", plain, "'"],
  ["SMTP_PASS=", plain, ""],
  ["password = '", `S3cret${"(Pa)55"}`, "'"],
  ['password = "', `S3cretPa${"$$w0rd!"}`, '"'],
  ['if (password === "', plain, '") {'],
  ['password = b"', plain, '"'],
];

const innocent = `
password: string
password: string;
password?: string
password: \${PASSWORD}
password: $PASSWORD1
password: {{ vault_password1 }}
password: "{{ vault_password1 }}"
password = getpass()
password = get_password2(user1)
password = "your-password1"
PASSWORD=changeme123
<password>
<password></password>
<password>\${db.password1}</password>
<Password value={password1} />
password = "%s1234567"
password = f"{password1}"
privateKey: Uint8Array
privateKey: Uint8Array,
pwd = os.getcwd()
PWD=$(pwd)
cd "$OLDPWD"
bypass = "lane12345"
Authorization: Bearer <token1>
Authorization: Bearer \${token1}
headers = {"Authorization": "Bearer " + token1}
redis://localhost:6379/0
redis://:password@localhost/0
redis://:\${PASSWORD1}@localhost/0
token = r"[A-Za-z0-9_]+"
password: >-
["token", "tokens2", ".secrets", "{vault,*.vault}.{yml,yaml}"]
f(password=password1)
f(password=password1, user=user1)
`
  .trim()
  .split("\n");

describe("a value after a name that means a secret", () => {
  it("is recognised in every form", () => {
    for (const [before, value, after] of examples) {
      const line = before + value + after;
      assert.ok(secretPassages(line).length > 0, line);
      assert.deepEqual(withoutSecrets(`first\n${line}\nlast\n`), { text: "first\nlast\n", secretLines: 1 }, line);
    }
  });

  it("is not learned while it is typed, whether or not the rest of the line is there", () => {
    for (const [before, value, after] of examples) {
      // A token in a known format is recognised by its first letters.
      const least = value.startsWith("AIza") ? 5 : 1;
      for (let length = least; length <= value.length; length++) {
        for (const rest of ["", after]) {
          const line = before + value.slice(0, length) + rest;
          assert.equal(publicLines.allows(line), false, line);
        }
      }
    }
  });

  it("is not learned while it is typed, whatever it is, if it is recognised in the end", () => {
    const values = fc.string({ unit: fc.constantFrom(..."aBsz039!@%$#({[<./-=+"), minLength: 6, maxLength: 16 });
    let recognised = 0;
    fc.assert(
      fc.property(fc.constantFrom(...examples), values, ([before, , after], value) => {
        // Digits after a user's name may be a port.
        fc.pre(!before.startsWith("amqp:") || !/^[0-9]/.test(value));
        if (withoutSecrets(before + value + after).secretLines === 0) return;
        recognised++;
        for (let length = 1; length < value.length; length++) {
          const line = before + value.slice(0, length) + after;
          assert.equal(publicLines.allows(line), false, line);
        }
      }),
      { numRuns: 1000 },
    );
    assert.ok(recognised > 100, `${recognised}`);
  });

  it("is not learned while the rest of the line is typed", () => {
    for (const [before, value, after] of examples) {
      for (let length = 0; length <= after.length; length++) {
        const line = before + value + after.slice(0, length);
        assert.equal(publicLines.allows(line), false, line);
      }
    }
  });

  it("is recognised on the line after its name", () => {
    assert.equal(withoutSecrets(`password: >-\n  ${strong}\nlast\n`).text, "last\n");
    assert.equal(withoutSecrets(`- name: DB_PASSWORD\r\n  value: "${strong}"\r\nlast\n`).text, "last\n");
  });

  it("is not a type, a placeholder or an expression", () => {
    for (const line of innocent) {
      assert.equal(withoutSecrets(line).text, line);
      assert.equal(holdsSecret(line), false, line);
    }
  });

  it("is no expression, though it might have become a secret before it was finished", () => {
    for (const line of ["const token = tokens[i + 1];", "password: Password;", "the token: a word", "f(token=c)"]) {
      assert.equal(holdsSecret(line), false, line);
    }
  });
});

describe("a token in a well-known format", () => {
  it("is not learned from the first letter after its beginning on", () => {
    for (const start of ["AKIA", "ghp_", "github_pat_", "glpat-", "xoxb-", "sk-ant-", "sk_live_", "npm_", "eyJ"]) {
      assert.equal(publicLines.allows(`login("${start}a`), false, start);
    }
  });
});

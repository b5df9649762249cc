import assert from "node:assert/strict";
import fc from "fast-check";
import { publicLines } from "../../../src/corpus/learnable-text.ts";
import { holdsSecret, secretPassages, withoutSecrets } from "../../../src/corpus/secrets/secret-lines.ts";

const strong = `S3cret${"Pa55w0rd!"}`;
const plain = `Zq7K${"vN2xR9tB"}`;
/** The characters of a value from which on it is recognised while it is typed. */
function leastTyped(before: string, value: string): number {
  // A token in a known format is recognised by its first letters.
  if (value.startsWith("AIza")) return 5;
  if (value.startsWith("SK")) return 8;
  return /session|salt/.test(before) ? 6 : 1;
}

const word = `sword${"fish"}`;
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
  ['parola_chiave = "', plain, ""],
  ["password: !vault ", plain, ""],
  ["DB_PASSWORD='", strong, ""],
  ['  "password": "', plain, "\r"],
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
  ['#define WIFI_PASSWORD "', plain, '"'],
  ['PASSWORD equ "', plain, '"'],
  ['password <- "', plain, '"'],
  ['(setq password "', plain, '")'],
  ['(def db-password "', plain, '")'],
  ['  password("', plain, '")'],
  ["set -x DB_PASSWORD ", plain, ""],
  ["%define password ", plain, ""],
  ['  psk="', plain, '"'],
  ['κωδικός = "', plain, '"'],
  ['mat_khau = "', plain, '"'],
  ['كلمة_المرور = "', plain, '"'],
  ['parola_chiave = "', plain, '"'],
  ["AGE-SECRET-KEY-1", `QQPZRYXX8GF2TVDW0S3JN54KHCE6MUA7L${"QPZRYXX8GF2TVDW0S3JN54KHCE"}`, ""],
  ["useradd --password ", word, " app"],
  // Words are passwords too.
  ['password = "', word, '"'],
  ['password = "', "hunter" + "2", '"'],
  ['password = "', `correct ${"horse battery"} staple`, '"'],
  ['DB_PASSWORD = "', `xTrong${"PasswordHere"}`, '"'],
  ["export DB_PASS=", word, ""],
  ["DB_PASSWORD=", word, " command"],
  ["db.password=", word, ""],
  ["      - DB_PASSWORD=", word, ""],
  ["docker run -e DB_PASSWORD=", word, " image"],
  ["  password: ", `${word}es`, ""],
  ["- db_password: ", word, "  # until spring"],
  ["<password>", word, "</password>"],
  // Literals that are wrapped
  ['let password = String::from("', word, '");'],
  ['val password: String by lazy { "', word, '" }'],
  ['password = SecretStr("', word, '")'],
  ['String password = new String("', word, '");'],
  ['source.setPassword("', word, '");'],
  ['builder.password("', word, '")'],
  ['passwords = ["', word, '"]'],
  ['{:password "', word, '"}'],
  ['"{\\"password\\":\\"', strong, '\\"}"'],
  // Commands
  ["ENV DB_PASSWORD ", plain, ""],
  ["ENV DB_PASSWORD ", word, ""],
  ["curl -u admin:", plain, " https://example.org"],
  ["curl --user 'admin:", plain, "' https://example.org"],
  ["mysql -u root -p", plain, " db"],
  ["sshpass -p ", word, " ssh example.org"],
  ["docker login -u me -p ", word, ""],
  ["redis-cli -h example.org -a ", word, " ping"],
  ["openssl pkcs12 -passin pass:", word, " -in a.p12"],
  ["machine example.org login me password ", word, ""],
  ["requirepass ", word, ""],
  // Other languages
  ['passwort = "', "Geheim" + "123!", '"'],
  ['mot_de_passe = "', `Sesame${"123!"}`, '"'],
  ['contraseña = "', "Sesamo" + "123!", '"'],
  ['senha: "', word, '",'],
  ["wachtwoord = '", word, "'"],
  ['пароль = "', word, '"'],
  // Numbers that mean access
  ["Cookie: session=", hex, ""],
  ['const salt = "', hex + hex, '";'],
  ["auth = ", `SK${hex}`.slice(0, 34), ""],
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

/** What is no secret either, but may become one while it is typed. */
const finished = `
password = "password"
password = "db-password"
"password": "Enter your password"
"password": "Passwort"
"password": "The two do not match."
password: "required|string|confirmed"
RESET_PASSWORD = "reset"
UserPassword = "userPassword"
password = "config.database.password"
const secret = "/etc/app/secret"
password: hidden
password: String!
password: Credential
    password: hashed,
password = hashed
"generate-password": "^1.7.0-beta.1",
query = "&password=" + encodeURIComponent(pw) + "&user="
replace("password", "colour")
<input type="password" class="form-control" />
if (name == "password" || name == "login") {
docker run -u 1000:1000 image
docker run --user node:node image
mkdir -p some/folder
mysql -u root -p shop
ssh -p 2222 example.org
session = requests.Session()
auth = HTTPBasicAuth(user, pw)
salt = os.urandom(16)
commit = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b"
token: "constant.language"
const tokens = ["identifier1", "keyword2"];
password = "a" + "b"
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
      const least = leastTyped(before, value);
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
        for (let length = leastTyped(before, value); length < value.length; length++) {
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

  it("is not the name of a field, a message, a path, a number or code", () => {
    for (const line of finished) assert.equal(withoutSecrets(line).text, line);
  });

  it("is no expression, though it might have become a secret before it was finished", () => {
    for (const line of ["const token = tokens[i + 1];", "password: Password;", "the token: a word", "f(token=c)"]) {
      assert.equal(holdsSecret(line), false, line);
    }
  });
});

describe("a secret that code joins of several literals", () => {
  const joined = [
    `const k = "AKIA" + "IOSFODNN${"7QWERTYZ"}";`,
    `sk = "sk_live_" + "4eC39HqLyjWD${"arjtT1zdp7dc"}"`,
    `$sk = 'sk_live_' . '4eC39HqLyj' . 'WD${"arjtT1zdp7dc"}';`,
    `const key = "wJalrXUtnFEMIK7MDENG" +\n  "bPxRfiCYQ9${"zK2LmNoP4v"}";`,
    `key = ("wJalrXUtnFEMIK7MDENG"\n       "bPxRfiCYQ9${"zK2LmNoP4v"}")`,
  ];

  it("is left out with all of its lines", () => {
    for (const text of joined) {
      const secretLines = text.split("\n").length;
      assert.deepEqual(withoutSecrets(`first\n${text}\nlast\n`), { text: "first\nlast\n", secretLines }, text);
      assert.equal(holdsSecret(text), true, text);
    }
  });

  it("is not learned from the first letter of the second literal on", () => {
    assert.equal(publicLines.allows('const k = "AKIA" + "I'), false);
    assert.equal(publicLines.allows('const k = "AKIA" + "'), true);
  });

  it("is no text that is merely joined", () => {
    for (const text of [
      'x = "a" + "b"\n',
      `s = "a long text " +\n  "in two lines"\n`,
      `f("", "a" + "b" + c + "d")\n`.repeat(9),
    ])
      assert.equal(withoutSecrets(text).text, text);
  });
});

describe("a token in a well-known format", () => {
  it("is not learned from the first letter after its beginning on", () => {
    for (const start of [
      "AKIA",
      "ghp_",
      "github_pat_",
      "glpat-",
      "xoxb-",
      "sk-ant-",
      "sk_live_",
      "npm_",
      "dop_v1_",
      "eyJ",
    ]) {
      assert.equal(publicLines.allows(`login("${start}a`), false, start);
    }
  });
});

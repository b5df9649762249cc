import assert from "node:assert/strict";
import { isLikelySecret } from "../../../src/corpus/secrets/secret-names.ts";

const secrets = `
.env .env.local .env.production .env-staging prod.env dev.env .envrc .flaskenv .dev.vars appsettings.Production.json
local.settings.json wp-config.php server.pem master.key AuthKey_7.p8 store.p12 site.pfx key.ppk release.keystore
vault.kdbx keys.kdbx.txt private.asc backup.gpg cert.crt credentials.yml.enc id_rsa id_rsa.pub id_ed25519 known_hosts
.npmrc .yarnrc.yml .pypirc .netrc .htpasswd .git-credentials .pgpass .my.cnf .boto .s3cfg rclone.conf .dockercfg
kubeconfig auth.json google-services.json client.ovpn wireguard.conf wg0.conf terraform.tfvars prod.auto.tfvars
terraform.tfstate terraform.tfstate.backup .bash_history .aws/config .aws/credentials .ssh/config .docker/config.json
.kube/config secrets.yaml secret.yaml SECRETS.YML my-secrets.json mysecrets.json .streamlit_secrets.toml passwords.txt
Passwords.md db_password.txt .vault_pass vault-password.txt allMyPasswords.csv gcp-credentials.json creds.ini
service-account.json serviceAccountKey.json service_account_prod.json client_secret_123.json myAPIKeys.txt api-keys.yaml
PrivateKey.txt app.secrets.ts secrets.py credentials.js my_secrets.py mySecrets.ts local-credentials.js
env.prod env.local .Renviron tokens.json keys.json key.txt .token vault.yml group.vault.yaml gcp-key.json deployKey.json
firebase-adminsdk-x1y2.json app-firebase-adminsdk-x1y2.json my.cnf debian.cnf .authinfo application-prod.properties
application-local.yml local_settings.py
.config/gh/hosts.yml .ftpconfig .rclone.conf sftp-config.json .vscode/sftp.json ftp.json keystore.properties signing.properties
.m2/settings-security.xml .m2/settings.xml rootkey.csv logins.json cookies.txt oauth.json oauth2_client.json deploy_rsa
deploy_ed25519.pub .dbt/profiles.yml kaggle.json .config/hub .config/glab-cli/config.yml sitemanager.xml .oci/config
passwörter.txt Passwort.md contraseñas.txt contraseñas.txt mots-de-passe.txt mot_de_passe.yml motsdepasse.csv senhas.txt
wallet.dat my_seed_phrase.txt github-recovery-codes.txt store.jceks x.agekey .envrc.local .pgpass.txt kube.config .chalice/config.json
wachtwoorden.txt meineZugangsdaten.docx.txt пароли.txt 密码.txt パスワード.md kennwörter.py contraseñas.js salasanat.txt κωδικοί.txt sécrets.txt
`;

const others = `
README.md index.ts environment.ts env.ts config.json package.json tokenizer.json auth.ts secretary.md compass.json
passport.txt bypass.md PasswordReset.tsx secret-lines.ts password.go CredentialStore.cs monkey.yaml keys.md docker/config.json
appsettings.json my.cnf.md environments.yaml tfstate.md history.txt
env.d.ts env.md env.js tokens.ts keyboard.json hotkeys.json application.properties application-guide.md vault.md my-secrets-manager.py
settings.xml gradle.properties nuget.config Secret.java hosts.yml production.env.js prod.env.js oauth.ts cookies.ts sftp.py
keystore.ts rsa.go rsa_test.go signing.md passwortabfrage.md kennwort-dialog.tsx senhora.md modpack.json bundle/config
seed.ts docs/account-recovery-codes.md recovery_code_flow.md data/seed_code.json recovery.md phrase-book.md notes.txt~ index.ts.bak password.go.orig .index.ts.swp README.old 
`;

describe("a file's name", () => {
  it("says that the file is likely to hold secrets, in any spelling", () => {
    for (const name of secrets.trim().split(/\s+/)) assert.equal(isLikelySecret(`/home/x/code/${name}`), true, name);
    assert.equal(isLikelySecret("file:///home/x/PROD.ENV"), true);
    assert.equal(isLikelySecret("untitled:Passwords.txt"), true);
  });

  it("says so for copies of such files", () => {
    for (const name of secrets.trim().split(/\s+/)) {
      const parts = name.split("/");
      const last = parts.pop() ?? "";
      for (const end of ["~", ".bak", ".bak2", ".old", ".orig", ".save", ".swp", ".BAK", ".old~", " copy", " copy 2"]) {
        assert.equal(isLikelySecret(`/home/x/code/${name}${end}`), true, `${name}${end}`);
      }
      const ofVim = [...parts, `.${last}.swp`].join("/");
      assert.equal(isLikelySecret(`/home/x/code/${ofVim}`), true, ofVim);
    }
  });

  it("does not say so if it merely mentions such things or sounds like them", () => {
    for (const name of others.trim().split(/\s+/)) assert.equal(isLikelySecret(`/home/x/code/${name}`), false, name);
  });
});

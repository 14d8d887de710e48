/* Passkeys: hands the browser's answer to the form and sends it. Only on pages that need it. */
(function () {
  'use strict';
  var form = document.querySelector('form[data-passkey]');
  if (!form) return;
  var says = form.querySelector('[data-passkey-says]');

  function bytes(text) {
    var plain = atob(text.replace(/-/g, '+').replace(/_/g, '/'));
    return Uint8Array.from(plain, function (sign) { return sign.charCodeAt(0); });
  }
  function text(buffer) {
    var plain = String.fromCharCode.apply(null, new Uint8Array(buffer));
    return btoa(plain).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
  }
  function known(list) {
    return (list || []).map(function (one) { return Object.assign({}, one, { id: bytes(one.id) }); });
  }
  function options() {
    var asked = JSON.parse(form.dataset.options);
    asked.challenge = bytes(asked.challenge);
    if (asked.user) asked.user.id = bytes(asked.user.id);
    if (asked.excludeCredentials) asked.excludeCredentials = known(asked.excludeCredentials);
    if (asked.allowCredentials) asked.allowCredentials = known(asked.allowCredentials);
    return asked;
  }
  function plain(made) {
    var answer = made.response, response = { clientDataJSON: text(answer.clientDataJSON) };
    if (answer.attestationObject) {
      response.attestationObject = text(answer.attestationObject);
      response.transports = answer.getTransports ? answer.getTransports() : null;
    } else {
      response.authenticatorData = text(answer.authenticatorData);
      response.signature = text(answer.signature);
      response.userHandle = answer.userHandle ? text(answer.userHandle) : null;
    }
    return {
      id: made.id, rawId: text(made.rawId), type: made.type, response: response,
      extensions: JSON.stringify(made.getClientExtensionResults())
    };
  }
  if (!navigator.credentials || !window.PublicKeyCredential) {
    says.textContent = form.dataset.passkeyNone || says.textContent;
    return;
  }
  var deed = form.dataset.passkey === 'register' ? 'create' : 'get';
  navigator.credentials[deed]({ publicKey: options() }).then(function (made) {
    form.elements.credential.value = JSON.stringify(plain(made));
    form.submit();
  }).catch(function () {
    says.textContent = form.dataset.passkeyFailed;
  });
})();

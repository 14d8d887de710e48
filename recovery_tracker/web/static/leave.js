/* Optional. Signing out ends the reminders of this device: the diary is told which one it is. */
(function () {
  'use strict';
  var WAIT = 3000;
  if (!navigator.serviceWorker || !window.PushManager || !window.Promise) return;
  function here() {
    return navigator.serviceWorker.getRegistration().then(function (registration) {
      return registration && registration.pushManager.getSubscription();
    });
  }
  function late() { return new Promise(function (done) { setTimeout(done, WAIT); }); }
  /* Where somebody else has chosen this browser since, it goes on ringing for them. */
  function leave(form) {
    var own = (form.dataset.leaves || '').split(' ');
    var stopped = here().then(function (subscription) {
      if (!subscription) return null;
      var field = document.createElement('input');
      field.type = 'hidden';
      field.name = 'endpoint';
      field.value = subscription.endpoint;
      form.append(field);
      return own.indexOf(subscription.endpoint) < 0 ? null : subscription.unsubscribe();
    }).catch(function () { /* the diary forgets the device all the same */ });
    return Promise.race([stopped, late()]);
  }
  window.leaving = leave;
  /* Where entries may wait on this phone, `offline.js` asks first and then signs out itself. */
  if (window.diary) return;
  document.querySelectorAll('form[data-leaves]').forEach(function (form) {
    form.addEventListener('submit', function (event) {
      event.preventDefault();
      leave(form).then(function () { form.submit(); });
    }, { once: true });
  });
})();

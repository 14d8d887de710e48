/* Optional. Reminders that ring on a phone or computer. */
(function () {
  'use strict';
  var canRing = !!(window.isSecureContext && navigator.serviceWorker && window.PushManager && window.Notification);
  var box = document.getElementById('ring');
  var on = document.getElementById('ring-on');
  if (!on || !canRing) return;
  var form = on.form, refused = document.getElementById('ring-refused');
  function bytes(text) {
    return Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), function (sign) {
      return sign.charCodeAt(0);
    });
  }
  function tell(name, value) {
    var field = document.createElement('input');
    field.type = 'hidden';
    field.name = name;
    field.value = value;
    form.append(field);
  }
  function subscription(registration) { return registration.pushManager.getSubscription(); }
  function subscribe(registration) {
    /* One that was made for another key, or that the diary no longer knows, must go first. */
    return subscription(registration).then(function (old) { return old && old.unsubscribe(); })
      .then(function () {
        return registration.pushManager.subscribe({
          userVisibleOnly: true, applicationServerKey: bytes(box.dataset.key)
        });
      });
  }
  box.hidden = false;
  navigator.serviceWorker.register('/service-worker.js').then(function () {
    return navigator.serviceWorker.ready;
  }).then(function (registration) {
    on.onclick = function () {
      refused.hidden = true;
      on.disabled = true;
      Notification.requestPermission().then(function (said) {
        if (said !== 'granted') throw new Error(said);
        return subscribe(registration);
      }).then(function (made) {
        var told = made.toJSON();
        tell('what', 'ring');
        tell('endpoint', told.endpoint);
        tell('p256dh', told.keys.p256dh);
        tell('auth', told.keys.auth);
        form.submit();
      }).catch(function () { on.disabled = false; refused.hidden = false; refused.focus(); });
    };
    return subscription(registration);
  }).then(function (known) {
    on.hidden = !!known && box.dataset.here.split(' ').indexOf(known.endpoint) > -1;
  }).catch(function () { box.hidden = !box.dataset.here; });
})();

/* The clinic's chart: the values of one day, under the pointer or by the slider. */
(function () {
  var box = document.querySelector('.readout');
  var picture = document.querySelector('img.chart');
  if (!box || !picture) return;
  var days = JSON.parse(box.dataset.days);
  var slider = box.querySelector('input');
  var output = box.querySelector('output');
  function show() { output.textContent = days[slider.value]; }
  function pointed(event) {
    var narrow = picture.currentSrc.indexOf('size=narrow') > -1;
    var axis = (narrow ? box.dataset.narrow : box.dataset.wide).split(' ').map(Number);
    var frame = picture.getBoundingClientRect();
    var share = ((event.clientX - frame.left) / frame.width - axis[0]) / (axis[1] - axis[0]);
    var first = Number(box.dataset.first);
    var span = Number(box.dataset.last) - first + 1.5;
    if (share < 0 || share > 1) return;
    slider.value = Math.round(share * span - 0.5);
    show();
  }
  picture.addEventListener('pointermove', pointed);
  picture.addEventListener('click', pointed);
  slider.addEventListener('input', show);
  box.hidden = false;
  show();
})();

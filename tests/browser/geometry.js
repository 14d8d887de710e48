/* What nobody can read on this page: text over other text, cut off, or outside the window.
 *
 * Gives one line for each fault. Sticky and fixed bars lie over the page on purpose and are left
 * out, as is what is hidden from sight or scrolls sideways in a box of its own.
 */
() => {
  const AIR = 1.5;     // px that may be shared or stick out: rounding
  const LEADING = 0.2; // share of a line's box above and below the letters
  const root = document.documentElement;
  const wide = innerWidth;
  const faults = [];

  const styles = new Map();
  const styleOf = e => styles.get(e) || (styles.set(e, getComputedStyle(e)), styles.get(e));
  const nameOf = e => e.tagName.toLowerCase() + (e.id ? '#' + e.id : '') +
    (e.classList.length ? '.' + [...e.classList].join('.') : '');
  const say = (kind, text, e) => faults.push(`${kind}: “${text.trim().slice(0, 50)}” in ${nameOf(e)}`);

  /* The boxes around an element that cut it or scroll it; null where it is not in the page's flow. */
  const frames = new Map();
  function framesOf(e) {
    if (frames.has(e)) return frames.get(e);
    let found = [];
    if (e && e !== root && e !== document.body) {
      const style = styleOf(e);
      const above = framesOf(e.parentElement);
      const isHidden = style.clipPath !== 'none' || style.opacity === '0';
      if (above === null || isHidden || /sticky|fixed/.test(style.position)) found = null;
      else if (e instanceof HTMLElement && (style.overflowX !== 'visible' || style.overflowY !== 'visible')) {
        const kind = /auto|scroll/.test(style.overflowX + style.overflowY) ? 'scrolls' : 'cuts';
        found = [...above, { e, kind, box: e.getBoundingClientRect() }];
      } else found = above;
    }
    frames.set(e, found);
    return found;
  }

  const lines = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  while (walk.nextNode()) {
    const node = walk.currentNode, e = node.parentElement, text = node.data;
    if (!text.trim() || /^(script|style|option|title|desc)$/i.test(e.tagName)) continue;
    if (!e.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue;
    const around = framesOf(e);
    if (around === null) continue;
    range.selectNodeContents(node);
    for (const box of range.getClientRects()) {
      if (box.width < 1 || box.height < 1) continue;
      const thin = box.height * LEADING;
      let { left, right } = box, top = box.top + thin, bottom = box.bottom - thin, scrolls = false;
      for (const frame of around) {
        if (frame.kind === 'scrolls') {
          scrolls = true;
          left = Math.max(left, frame.box.left); right = Math.min(right, frame.box.right);
        } else if (left < frame.box.left - AIR || right > frame.box.right + AIR ||
                   top < frame.box.top - AIR || bottom > frame.box.bottom + AIR) say('cut', text, e);
      }
      if (right <= left) continue;
      if (!scrolls && (left < -AIR || right > wide + AIR)) say('outside', text, e);
      lines.push({ left, right, top, bottom, text, node, e });
    }
  }

  lines.sort((a, b) => a.top - b.top);
  for (let i = 0; i < lines.length; i++) {
    const one = lines[i];
    for (let j = i + 1; j < lines.length && lines[j].top < one.bottom - AIR; j++) {
      const other = lines[j];
      if (one.node === other.node) continue;
      if (Math.min(one.right, other.right) - Math.max(one.left, other.left) > AIR) {
        say('overlap', `${one.text.trim().slice(0, 24)} | ${other.text.trim()}`, other.e);
      }
    }
  }

  /* Text that sticks out of the box it is drawn in: a button, a cell, a card. */
  for (const e of document.querySelectorAll('.btn, .tag, .card, .tiles a, .zooms a, td, th, dd, label, legend, figure')) {
    if (!e.checkVisibility() || framesOf(e) === null || e.classList.contains('vh')) continue;
    const style = styleOf(e);
    if (style.overflowX === 'visible' && style.display !== 'inline' && e.scrollWidth > e.clientWidth + 2) {
      say(`spills ${e.scrollWidth - e.clientWidth} px`, e.textContent, e);
    }
  }

  /* A link begins where the other lines of its cell or paragraph may begin. */
  for (const link of document.querySelectorAll('td a, th a, p a, li a, dd a')) {
    if (!link.checkVisibility() || framesOf(link) === null) continue;
    const block = link.closest('td, th, p, li, dd'), style = styleOf(block);
    range.selectNodeContents(link);
    const left = block.getBoundingClientRect().left + parseFloat(style.paddingLeft);
    if (range.getBoundingClientRect().left < left - AIR) say('hangs out', link.textContent, link);
  }

  /* A short word of a table stands on one line; Chinese may break between any two signs. */
  const SHORT = 4; // characters
  for (const cell of document.querySelectorAll('table.data td, table.data th')) {
    if (!cell.checkVisibility()) continue;
    const texts = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) for (const word of texts.currentNode.data.matchAll(/[^\s–，、：；（）-]+/g)) {
      if (word[0].length > SHORT) continue;
      range.setStart(texts.currentNode, word.index);
      range.setEnd(texts.currentNode, word.index + word[0].length);
      const tops = new Set([...range.getClientRects()].map(box => Math.round(box.top)));
      if (tops.size > 1) say('broken', word[0], cell);
    }
  }

  for (const picture of document.images) {
    if (picture.complete && !picture.naturalWidth) say('no picture', picture.alt, picture);
  }
  if (root.scrollWidth > wide) faults.push(`page ${root.scrollWidth - wide} px too wide`);
  return [...new Set(faults)];
}

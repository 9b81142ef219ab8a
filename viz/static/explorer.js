"use strict";
// What every page of the explorer has: theme, suggestions in search boxes, marks that can
// be switched off, and forms that write.

window.ZHITU_EXPLORER = true;

Zhitu.post = async function post(url, body) {
  const token = document.querySelector('meta[name="zhitu-form"]').content;
  const response = await fetch(url, { method: "POST", headers: { "content-type": "application/json", "x-zhitu-form": token }, body: JSON.stringify(body) });
  const text = await response.text();
  let answer;
  try { answer = JSON.parse(text); } catch { answer = { error: text }; }
  if (!response.ok) throw Object.assign(new Error(answer.error || response.statusText), { choices: answer.choices });
  return answer;
};

Zhitu.suggest = function suggest(input, number) {
  const list = Zhitu.h("datalist", { id: `suggest-${number}` });
  input.after(list);
  input.setAttribute("list", list.id);
  let timer = 0, asked = "";
  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(async () => {
      const text = input.value.trim();
      if (!text || text === asked) return;
      asked = text;
      const response = await fetch(`/api/suggest?q=${encodeURIComponent(text)}`);
      if (!response.ok || asked !== text) return;
      const found = await response.json();
      list.replaceChildren(...found.map((one) => Zhitu.h("option", { value: one.name, label: `${one.name}（${one.type}）` })));
    }, 180);
  });
};

document.querySelectorAll("input[data-suggest]").forEach(Zhitu.suggest);

document.querySelectorAll("input[data-mark]").forEach((box) => box.addEventListener("change", () => {
  document.querySelectorAll(`.text .m-${box.dataset.mark}`).forEach((mark) => mark.classList.toggle("off", !box.checked));
}));

document.querySelectorAll("form.correction").forEach((form) => form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const outcome = Zhitu.$("outcome");
  const show = (text, bad) => { outcome.textContent = text; outcome.hidden = false; outcome.classList.toggle("bad", bad); outcome.scrollIntoView({ block: "nearest" }); };
  try {
    const answer = await Zhitu.post("/api/corrections", { op: form.dataset.op, ...Object.fromEntries(new FormData(form)) });
    const documents = answer.documents.length ? `；下次 zhitu build 重做 ${answer.documents.length} 篇：${answer.documents.slice(0, 5).join("、")}` : "；下次 zhitu build 后生效";
    sessionStorage.setItem("zhitu-outcome", `已记下 ${answer.said}${documents}`);
    location.assign("/corrections");
  } catch (error) {
    show(error.message, true);
    if (error.choices?.length) outcome.append(Zhitu.h("ul", { class: "plain" }, error.choices.map(({ text, url }) => Zhitu.h("li", {}, Zhitu.h("a", { href: url }, text)))));
  }
}));

if (Zhitu.$("outcome")) {
  const said = sessionStorage.getItem("zhitu-outcome");
  if (said) { Zhitu.$("outcome").textContent = said; Zhitu.$("outcome").hidden = false; sessionStorage.removeItem("zhitu-outcome"); }
}

Zhitu.redrawAll = [];
Zhitu.onTheme(Zhitu.$("site-theme"), () => Zhitu.redrawAll.forEach((redraw) => redraw()));

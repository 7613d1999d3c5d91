const table = document.getElementById("branches");
const lines = [...table.tBodies[0].rows];
document.getElementById("search").addEventListener("input", event => {
  const wanted = event.target.value.trim().toLowerCase();
  for (const line of lines) line.hidden = !line.textContent.toLowerCase().includes(wanted);
});
table.querySelectorAll("thead button").forEach(button => button.addEventListener("click", () => {
  const head = button.closest("th");
  const isUp = head.getAttribute("aria-sort") !== "ascending";
  table.querySelectorAll("th").forEach(other => other.removeAttribute("aria-sort"));
  head.setAttribute("aria-sort", isUp ? "ascending" : "descending");
  const of = line => line.cells[head.cellIndex];
  const isNumber = head.classList.contains("number");
  const key = line => isNumber ? parseFloat(of(line).dataset.value) : of(line).textContent;
  const compare = (a, b) => isNumber ? a - b : a.localeCompare(b, document.documentElement.lang);
  const isMissing = value => Number.isNaN(value);
  lines.sort((first, second) => {
    const [a, b] = [key(first), key(second)];
    if (isMissing(a) || isMissing(b)) return isMissing(a) - isMissing(b);
    return isUp ? compare(a, b) : compare(b, a);
  });
  table.tBodies[0].append(...lines);
}));

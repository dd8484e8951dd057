/* What the theme leaves out for those who read with a keyboard or a screen reader. */
function reachable() {
  for (const box of document.querySelectorAll(".table-wrapper, .highlight pre, .output pre")) {
    if (box.scrollWidth > box.clientWidth) box.tabIndex = 0; // the arrow keys scroll what has the focus
    else box.removeAttribute("tabindex");
  }
}

document.addEventListener("DOMContentLoaded", () => {
  document.querySelectorAll(".caption[role=heading]").forEach((each) => each.setAttribute("aria-level", "2"));
  document.querySelector(".sidebar-drawer")?.setAttribute("aria-label", "All pages");
  document.querySelector(".toc-drawer")?.setAttribute("aria-label", "On this page");
  reachable();
});
window.addEventListener("load", reachable);
window.addEventListener("resize", reachable);

// The page of `serve --ui` in a real browser: node serve.mjs PROGRAM FOLDER-FOR-SCREENSHOTS. Needs puppeteer-core, @sparticuz/chromium and axe-core.
import chromium from "@sparticuz/chromium";
import puppeteer from "puppeteer-core";
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { createRequire } from "node:module";
import { mkdirSync, readFileSync } from "node:fs";

const [program, folder] = process.argv.slice(2);
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
mkdirSync(folder, { recursive: true });
const problems = [];
const due = (holds, words) => {
  if (!holds) problems.push(words);
};

const words = ["serve", "--listen", "127.0.0.1:0", "--oauth", "off", "--ui", "127.0.0.1:0", "--format", "json"];
const server = spawn(program, words, { stdio: ["ignore", "pipe", "inherit"] });
const opened = await new Promise((found) => createInterface(server.stdout).once("line", (line) => found(JSON.parse(line))));

const booking = (id, fields) => ({ name: `partners/20002002/bookings/${id}`, merchantId: "salon-1", serviceId: "cut-1", ...fields });
const send = async (method, path, body) => {
  const headers = { "content-type": "application/json" };
  const answer = await fetch(opened.base_url + path, { method, headers, body: JSON.stringify(body) });
  return answer.status;
};
const notify = (id, fields, mask = "status") => {
  const path = `/v1alpha/notification/partners/20002002/bookings/${id}?updateMask=${mask}`;
  return send("PATCH", path, booking(id, fields));
};

const browser = await puppeteer.launch({
  args: [...chromium.args, "--no-sandbox"],
  executablePath: process.env.CHROME ?? (await chromium.executablePath()),
  headless: "shell",
});

async function open(width, theme, script) {
  const page = await browser.newPage();
  page.on("console", (line) => line.type() === "error" && problems.push(`console: ${line.text()}`));
  page.on("pageerror", (error) => problems.push(`page: ${error}`));
  page.on("request", (request) => due(request.url().startsWith(opened.ui_url), `a request leaves the page: ${request.url()}`));
  await page.setJavaScriptEnabled(script);
  await page.setViewport({ width, height: 900 });
  await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: theme }]);
  await page.goto(opened.ui_url, { waitUntil: "domcontentloaded" });
  if (script) await page.waitForFunction(() => document.getElementById("link").textContent === "Live.");
  return page;
}
const calls = (page) => page.$$eval("details.call", (all) => all.filter((one) => one.checkVisibility()).length);
const until = (page, wanted) =>
  page
    .waitForFunction((number) => document.querySelectorAll("details.call").length === number, { timeout: 10_000 }, wanted)
    .catch(() => problems.push(`${wanted} calls are not shown`));

// What arrives is shown, filtered, held back and let go.
const page = await open(1280, "light", true);
due((await calls(page)) === 0 && (await page.$eval("#nothing", (one) => one.checkVisibility())), "an empty page is not said to be empty");
await notify("b-1", { status: "CONFIRMED", startTime: "2030-01-01T09:00:00Z", duration: "3600s" }, "status,startTime,duration");
await notify("b-1", { status: "CANCELLED", guest: "<img src=x onerror=alert(1)>" });
await notify("b-2", { status: "NO_SHOW" });
await send("POST", "/v1alpha/inventory/partners/20002002/availability:replace", {});
await until(page, 4);
await page.click("#filters input[value=refused]");
const some = await calls(page);
due(some > 0 && some < 4, `the filter shows ${some} of 4`);
await page.click("#filters input[value=refused]");
await page.type("#words", "b-2");
due((await calls(page)) === 1, "the search does not find the one call");
await page.$eval("#words", (field) => {
  field.value = "";
  field.dispatchEvent(new Event("input"));
});
await page.click("#hold");
await notify("b-2", { status: "CANCELED" });
await page.waitForFunction(() => document.getElementById("shown").textContent.includes("1 held back"));
due((await calls(page)) === 4, "a call that is held back is shown");
await page.click("#hold");
await until(page, 5);
const copies = await page.$$eval("#copies tr", (rows) => rows.map((row) => row.innerText));
due(copies.length === 2 && copies[0].includes("b-2") && copies[0].includes("CANCELED"), `the copies are ${copies}`);

// A fault is armed from a call, strikes, and is gone; another one is taken away.
await page.evaluate(() => {
  const fold = document.querySelector("details.call");
  fold.open = true;
  fold.querySelector("button[data-aim]").click();
});
due((await page.$eval("#booking", (field) => field.value)) === "b-2", "the booking is not taken over");
await page.click("#arm button");
await page.waitForFunction(() => document.getElementById("armed").textContent.includes("booking b-2: 503"));
due((await notify("b-2", { status: "CANCELED" })) === 503, "the fault does not strike");
await page.waitForFunction(() => document.getElementById("armed").textContent.includes("Nothing is armed."));
await page.select("#aim", "any");
await page.select("#fault", '{"drop":true}');
await page.click("#arm button");
await (await page.waitForSelector("button[data-disarm]:not([hidden])")).click();
await page.waitForFunction(() => document.getElementById("armed").textContent.includes("Nothing is armed."));
await page.evaluate(() => document.querySelector("details.call button[data-copy]").click());
await page.waitForFunction(() => /Copied|Selected/.test(document.querySelector("button[data-copy]").textContent));
await until(page, 6);
await page.close();

for (const width of [360, 1280, 2000]) {
  for (const theme of ["light", "dark"]) {
    const page = await open(width, theme, true);
    due((await calls(page)) === 6, "who opens the page later does not see what has arrived");
    const wider = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    due(wider <= 0, `${width} px: the page is ${wider} px too wide`);
    await page.evaluate(() => (document.querySelector("details.call[data-kind=refused]:has(mark)").open = true));
    await page.screenshot({ path: `${folder}/serve-${width}-${theme}.png`, fullPage: true });
    await page.setBypassCSP(true);
    await page.evaluate(axe);
    const found = await page.evaluate(async () => {
      const rules = ["wcag2a", "wcag2aa", "wcag21aa", "best-practice"];
      const { violations } = await window.axe.run(document, { runOnly: rules });
      return violations.map((one) => `${one.id}: ${one.nodes.length} times, first ${one.nodes[0].html.slice(0, 120)}`);
    });
    found.forEach((one) => problems.push(`${width} px, ${theme}: ${one}`));
    await page.close();
  }
}

const still = await open(1280, "light", false);
due((await calls(still)) === 6, "without script the calls cannot be read");
await still.close();

// The server ends while a page is open: the page says so.
const last = await open(1280, "light", true);
last.removeAllListeners("console");
server.kill();
await last
  .waitForFunction(() => document.getElementById("link").textContent.startsWith("Not connected"), { timeout: 10_000 })
  .catch(() => problems.push("a page whose server is gone does not say so"));
await browser.close();
console.log(problems.length === 0 ? "the page of serve is right: six calls, six screenshots" : problems.join("\n"));
process.exit(problems.length === 0 ? 0 : 1);

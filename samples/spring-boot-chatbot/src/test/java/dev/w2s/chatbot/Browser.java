// SPDX-License-Identifier: Apache-2.0
package dev.w2s.chatbot;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Assumptions;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;

/** A real Chromium without a screen, as the system has it. */
final class Browser implements AutoCloseable {
  private static final List<Path> BINARIES =
      List.of(
          Path.of("/usr/bin/chromium"),
          Path.of("/usr/bin/chromium-browser"),
          Path.of("/usr/bin/google-chrome"));
  private static final List<Path> DRIVERS =
      List.of(Path.of("/usr/bin/chromedriver"), Path.of("/usr/lib/chromium/chromedriver"));
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final ChromeDriver driver;

  private Browser(Path binary, Path service, int width, int height) {
    ChromeOptions options = new ChromeOptions();
    options.setBinary(binary.toFile());
    options.addArguments(
        "--headless=new",
        "--no-sandbox", // pages are our own, and containers have no room for the sandbox
        "--disable-dev-shm-usage",
        "--force-color-profile=srgb",
        "--window-size=" + width + "," + height);
    driver =
        new ChromeDriver(
            new ChromeDriverService.Builder().usingDriverExecutable(service.toFile()).build(),
            options);
    driver.manage().timeouts().scriptTimeout(PATIENCE);
  }

  /** Starts one; where the system has none, the test is skipped and the reason printed. */
  static Browser start(int width, int height) {
    Optional<Path> binary = BINARIES.stream().filter(Files::isExecutable).findFirst();
    Optional<Path> service = DRIVERS.stream().filter(Files::isExecutable).findFirst();
    if (binary.isEmpty() || service.isEmpty()) {
      String reason =
          "SKIPPED, the page is not tested: no Chromium and chromedriver among %s and %s (Debian: apt install chromium chromium-driver)"
              .formatted(BINARIES, DRIVERS);
      System.err.println(reason);
      Assumptions.abort(reason);
    }
    return new Browser(binary.orElseThrow(), service.orElseThrow(), width, height);
  }

  ChromeDriver driver() {
    return driver;
  }

  void open(String url) {
    driver.get(url);
    // The server's settings are there.
    until(() -> !text("#title").equals("Guided and unguided"));
  }

  WebElement find(String selector) {
    return driver.findElement(By.cssSelector(selector));
  }

  List<WebElement> all(String selector) {
    return driver.findElements(By.cssSelector(selector));
  }

  /** Whether it can be seen or not. */
  String text(String selector) {
    return String.valueOf(find(selector).getDomProperty("textContent"));
  }

  /** Asks a question, in place of what stands there. */
  void ask(String question) {
    WebElement field = find("#question");
    field.clear();
    field.sendKeys(question, Keys.ENTER);
  }

  void click(String selector) {
    WebElement element = find(selector);
    driver.executeScript("arguments[0].scrollIntoView({ block: 'center' })", element);
    element.click();
  }

  /** Moves a slider, as a user's hand does. */
  void slide(String selector, Object value) {
    driver.executeScript(
        "const it = document.querySelector(arguments[0]); it.value = arguments[1];"
            + " it.dispatchEvent(new Event('input', { bubbles: true }));",
        selector,
        String.valueOf(value));
  }

  void untilAnswered() {
    until(() -> all(".pane[aria-busy='true']").isEmpty() && find("#send").isEnabled());
  }

  /** What a function of the page gives; {@code done} is to be called with it. */
  Object script(String script, Object... arguments) {
    return driver.executeAsyncScript(
        "const args = arguments; const done = args[args.length - 1]; (async () => {"
            + script
            + "})().catch((error) => done('failed: ' + error));",
        arguments);
  }

  Object value(String expression) {
    return driver.executeScript("return " + expression);
  }

  void media(String feature, String value) {
    driver.executeCdpCommand(
        "Emulation.setEmulatedMedia",
        Map.of("features", List.of(Map.of("name", feature, "value", value))));
  }

  static void until(BooleanSupplier condition) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new AssertionError("it did not come about within " + PATIENCE);
      }
      try {
        Thread.sleep(20);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new AssertionError(e);
      }
    }
  }

  @Override
  public void close() {
    driver.quit();
  }
}

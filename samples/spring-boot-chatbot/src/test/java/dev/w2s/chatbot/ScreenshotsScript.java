// SPDX-License-Identifier: Apache-2.0
package dev.w2s.chatbot;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.OutputType;

/** Makes the pictures of the README; {@code ./screenshots} runs it. */
class ScreenshotsScript {
  private static final Path FOLDER = Path.of("docs");

  @Test
  void pictures() throws Exception {
    Files.createDirectories(FOLDER);
    try (Browser browser = Browser.start(1280, 1000);
        Chatbot chatbot = Chatbot.start("langchain4j.w2s.local.critic.seed=7")) {
      browser.media("prefers-color-scheme", "light");
      browser.open(chatbot.url());
      converse(browser);
      take(browser, "chatbot.png");
      browser.media("prefers-color-scheme", "dark");
      browser.driver().manage().window().setSize(new Dimension(500, 1400));
      take(browser, "chatbot-narrow-dark.png");
    }
  }

  private static void converse(Browser browser) {
    browser.slide("#beam-width", 4);
    browser.ask("How was the movie?");
    browser.untilAnswered();
    browser.driver().executeScript("document.querySelector('.node.chosen').focus()");
    browser.driver().executeScript("window.scrollTo(0, 0)");
  }

  private static void take(Browser browser, String name) throws Exception {
    Files.write(FOLDER.resolve(name), browser.driver().getScreenshotAs(OutputType.BYTES));
  }
}

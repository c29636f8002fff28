// SPDX-License-Identifier: Apache-2.0
package dev.w2s.chatbot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.w2s.chatbot.conversations.Conversations;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.By;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.WindowType;
import org.openqa.selenium.logging.LogType;

/** The page, in a real browser, on a real server. */
class PageTest {
  private static Browser browser;
  private static Chatbot chatbot;

  @BeforeAll
  static void start() {
    browser = Browser.start(1280, 900);
    chatbot = Chatbot.start();
  }

  @AfterAll
  static void stop() {
    if (browser != null) {
      browser.close();
    }
    if (chatbot != null) {
      chatbot.close();
    }
  }

  @BeforeEach
  void open() {
    browser.driver().manage().window().setSize(new Dimension(1280, 900));
    browser.open(chatbot.url());
  }

  @Test
  void aConversation() {
    assertThat(browser.text("#title")).isEqualTo("A movie critic");
    assertThat(browser.find("#guide-positive").getDomProperty("value")).isEqualTo("1");
    browser.ask("How was the movie?");
    browser.untilAnswered();
    for (String pane : List.of(".guided", ".alone")) {
      assertThat(browser.text(pane + " .answer")).isNotBlank();
      assertThat(browser.text(pane + " .cost")).contains("tokens drawn", "in all");
      assertThat(browser.find(pane + " .problem").isDisplayed()).isFalse();
    }
    assertThat(browser.text(".guided .cost")).contains("score", "nats", "scoring");
    assertThat(browser.text(".alone .cost")).doesNotContain("score");
    assertThat(browser.text("#status")).isEqualTo("Both answers have ended.");

    browser.ask("And the acting?");
    browser.untilAnswered();
    assertThat(browser.all(".turn")).hasSize(2);
    assertThat(browser.all(".search[open]")).hasSize(1);
    assertThat(browser.all(".turn .question"))
        .extracting(WebElement::getText)
        .containsExactly("How was the movie?", "And the acting?");

    browser.click("#new");
    assertThat(browser.all(".turn")).isEmpty();
  }

  /**
   * Every hypothesis is there, with its score and why it stayed; the way to the answer is shown.
   */
  @Test
  void theTreeTellsOfTheSearch() {
    browser.click("#guard"); // whose choices are drawn, so that what leads is not always the best
    browser.slide("#beam-width", 2);
    browser.slide("#successors", 3);
    browser.ask("How was it?");
    browser.untilAnswered();
    List<WebElement> nodes = browser.all(".node");
    assertThat(nodes).hasSizeGreaterThan(6);
    assertThat(nodes)
        .extracting(node -> node.getDomAttribute("aria-label"))
        .allMatch(
            said -> said.matches("(?s)Round \\d+, -?\\d+\\.\\d\\d nats, (kept|dropped).*: .*"));
    assertThat(browser.all(".node.kept")).hasSizeBetween(2, nodes.size() - 1);
    List<WebElement> chosen = browser.all(".node.chosen");
    assertThat(chosen).isNotEmpty();
    String last = chosen.get(chosen.size() - 1).getDomAttribute("aria-label");
    assertThat(last).endsWith(": " + browser.text(".guided .answer"));
    assertThat(browser.all(".edge")).hasSameSizeAs(nodes);

    browser.click(".list summary");
    Browser.until(() -> !browser.all(".list ol > li").isEmpty());
    assertThat(browser.all(".list ol ul li").size()).isGreaterThanOrEqualTo(nodes.size());
  }

  @Test
  void theTreeIsReadWithTheKeyboard() {
    browser.click("#guard"); // so that what is first is kept
    browser.ask("How was it?");
    browser.untilAnswered();
    WebElement first = browser.find(".node[tabindex='0']");
    browser.driver().executeScript("arguments[0].focus()", first);
    assertThat(browser.text(".inspector")).startsWith("Round 1,").contains("kept: 1. of");
    first.sendKeys(Keys.ARROW_DOWN);
    assertThat(browser.text(".inspector")).startsWith("Round 1,").contains("2. of");
    WebElement second = browser.driver().switchTo().activeElement();
    second.sendKeys(Keys.END);
    String end = browser.text(".inspector");
    assertThat(end).doesNotStartWith("Round 1,");
    browser.driver().switchTo().activeElement().sendKeys(Keys.ARROW_LEFT);
    assertThat(browser.text(".inspector")).isNotEqualTo(end).startsWith("Round");
    assertThat(browser.all(".node[tabindex='0']")).hasSize(1);
  }

  @Test
  void whatIsWantedIsSaidInPlainWords() {
    browser.slide("#guide-positive", 0);
    browser.slide("#words-weight", 1.5);
    browser.ask("How was it?");
    browser.untilAnswered();
    assertThat(browser.text(".guided .cost")).contains("score");
    browser.find("#wanted").clear();
    browser.ask("And now?");
    browser.untilAnswered();
    assertThat(browser.text(".turn:last-child .guided .problem"))
        .isEqualTo("words.wanted is missing; it must have a character");
  }

  /** The answer is held in its second round, so that it cannot end before it is stopped. */
  @Test
  void anAnswerIsStoppedAndTheNextOneComes() {
    try (Chatbot held = Chatbot.start(HeldGuide.PROPERTY)) {
      HeldGuide guide = held.bean(HeldGuide.class);
      browser.open(held.url());
      browser.slide("#beam-width", 2);
      browser.slide("#successors", 2);
      browser.slide("#chunk-length", 1);
      browser.ask("How was it?");
      Browser.until(() -> !browser.all(".node").isEmpty());
      browser.click("#stop");
      browser.untilAnswered();
      guide.letGo();
      assertThat(browser.text(".guided .problem")).startsWith("Stopped.");
      assertThat(browser.text(".guided .cost")).isEmpty();
      browser.ask("Well?");
      browser.untilAnswered();
      assertThat(browser.text(".turn:last-child .guided .cost")).contains("score");
    }
  }

  @Test
  void twoTabsAreTwoConversations() {
    String first = browser.driver().getWindowHandle();
    int before = chatbot.bean(Conversations.class).size();
    browser.ask("How was the first?");
    browser.driver().switchTo().newWindow(WindowType.TAB);
    browser.open(chatbot.url());
    browser.ask("How was the second?");
    browser.untilAnswered();
    assertThat(browser.all(".turn .question"))
        .extracting(WebElement::getText)
        .containsExactly("How was the second?");
    browser.driver().close();
    browser.driver().switchTo().window(first);
    browser.untilAnswered();
    assertThat(browser.text(".guided .cost")).contains("score");
    assertThat(chatbot.bean(Conversations.class).size()).isEqualTo(before + 4);
  }

  /** It goes while an answer is held, which therefore cannot have ended before. */
  @Test
  void aServerThatGoesAway() throws Exception {
    try (ChatbotProcess other = ChatbotProcess.start("--" + HeldGuide.PROPERTY)) {
      browser.open(other.url());
      browser.ask("How was it?");
      Browser.until(() -> !browser.all(".node").isEmpty());
      other.kill();
      browser.untilAnswered();
      assertThat(browser.text(".guided .problem")).startsWith("The server has gone away.");
      assertThat(browser.all(".node")).isNotEmpty();
      browser.ask("Still there?");
      browser.untilAnswered();
      assertThat(browser.text(".turn:last-child .alone .problem"))
          .startsWith("The server has gone away.");
    }
  }

  /** Whatever a model says is text. */
  @Test
  void textIsNeverMarkup() {
    Object found =
        browser.script(
            """
            const { Pane } = await import('/app/pane.js');
            const { SearchTree } = await import('/app/tree.js');
            const evil = '<img src=x onerror="document.title=1"><b>bold</b>';
            const { Turn } = await import('/app/turn.js');
            const turn = new Turn(evil, document.getElementById('turns'));
            const section = document.querySelector('.guided');
            const pane = new Pane(section);
            pane.more(evil);
            pane.broken(evil);
            const tree = new SearchTree(document.querySelector('.tree'), (said) => {
              document.querySelector('.inspector').textContent = said;
            });
            tree.add({ number: 1, overruled: 0, candidates: [
              { id: 1, parent: 0, text: evil, score: 1, draws: 1, ended: false, kept: true }] });
            const item = document.querySelector('.turn');
            done([item.querySelectorAll('img, b').length, item.textContent.split('<b>bold').length - 1]);
            """);
    // Whole in the question, the answer and the problem; cut in the tree.
    assertThat(found).isEqualTo(List.of(0L, 3L));
  }

  @Test
  void itIsReadOnNarrowScreensAndInTheDark() {
    browser.ask("How was it?");
    browser.untilAnswered();
    browser.driver().manage().window().setSize(new Dimension(500, 900));
    long over = (long) browser.value("document.documentElement.scrollWidth - window.innerWidth");
    assertThat(over).isLessThanOrEqualTo(0);
    assertThat(browser.find(".alone").getLocation().y)
        .isGreaterThan(browser.find(".guided").getLocation().y);
    browser.media("prefers-color-scheme", "light");
    Object light = browser.value("getComputedStyle(document.body).backgroundColor");
    browser.media("prefers-color-scheme", "dark");
    Object dark = browser.value("getComputedStyle(document.body).backgroundColor");
    assertThat(light).isEqualTo("rgb(251, 250, 247)");
    assertThat(dark).isEqualTo("rgb(22, 24, 26)");
    browser.media("prefers-color-scheme", "light");
  }

  @Test
  void everythingComesFromHereAndHasAName() {
    browser.ask("How was it?");
    browser.untilAnswered();
    Object foreign =
        browser.value(
            "performance.getEntriesByType('resource').map(e => e.name)"
                + ".filter(name => !name.startsWith(location.origin) && !name.startsWith('data:'))");
    assertThat(foreign).isEqualTo(List.of());
    for (WebElement field : browser.all("input, textarea")) {
      assertThat(field.getAccessibleName()).isNotBlank();
    }
    for (WebElement button : browser.all("button")) {
      assertThat(button.getAccessibleName()).isNotBlank();
    }
    assertThat(browser.driver().manage().logs().get(LogType.BROWSER).getAll())
        .filteredOn(entry -> entry.getLevel().intValue() >= Level.SEVERE.intValue())
        .filteredOn(entry -> entry.getMessage().contains(chatbot.url()))
        .isEmpty();
    assertThat(browser.find("body").findElements(By.cssSelector("[style], script:not([src])")))
        .isEmpty();
  }

  /** Byte by byte, and whole; expected is what the WHATWG's text says of such a stream. */
  @Test
  void eventsAreReadHoweverTheBytesCome() {
    Map<String, List<List<String>>> streams =
        Map.of(
            "data: one\n\ndata: two\n\n", events("message", "one", "message", "two"),
            "data: one\r\n\r\ndata: two\r\n\r\n", events("message", "one", "message", "two"),
            "data: one\r\rdata: two\r\r", events("message", "one", "message", "two"),
            "event: text\ndata: {\"text\":\"é€😀\"}\n\n", events("text", "{\"text\":\"é€😀\"}"),
            "data: YHOO\ndata: +2\ndata: 10\n\n", events("message", "YHOO\n+2\n10"),
            ": test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\ndata:  third event\n\n",
                events(
                    "message", "first event", "message", "second event", "message", " third event"),
            "data\n\ndata\ndata\n\ndata:", events("message", "", "message", "\n"),
            "\uFEFFevent: a\nretry: 5\ndata:x\n\nevent: b\n\ndata: cut off", events("a", "x"));
    streams.forEach(
        (stream, expected) -> {
          for (int size : new int[] {1, 2, 3, 1000}) {
            Object read =
                browser.script(
                    """
                    const { EventReader } = await import('/app/events.js');
                    const bytes = new TextEncoder().encode(arguments[0]);
                    const reader = new EventReader();
                    const events = [];
                    for (let i = 0; i < bytes.length; i += arguments[1]) {
                      events.push(...reader.push(bytes.slice(i, i + arguments[1])));
                    }
                    done(events.map((event) => [event.name, event.data]));
                    """
                        .replace("arguments[0]", "args[0]")
                        .replace("arguments[1]", "args[1]"),
                    stream,
                    size);
            assertThat(read).as("%s by %d", stream, size).isEqualTo(expected);
          }
        });
  }

  private static List<List<String>> events(String... namesAndData) {
    List<List<String>> events = new ArrayList<>();
    for (int i = 0; i < namesAndData.length; i += 2) {
      events.add(List.of(namesAndData[i], namesAndData[i + 1]));
    }
    return events;
  }
}

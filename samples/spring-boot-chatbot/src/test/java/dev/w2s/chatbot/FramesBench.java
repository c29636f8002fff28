// SPDX-License-Identifier: Apache-2.0
package dev.w2s.chatbot;

import org.junit.jupiter.api.Test;

/**
 * How long the page's frames take while it draws a recorded search of 64 rounds at W·K = 16, with
 * no search running; {@code ./frames} runs it. Floor: the same number of frames with nothing drawn.
 */
class FramesBench {
  private static final String DRAW =
      """
      const { Turn } = await import('/app/turn.js');
      const rounds = JSON.parse(args[0]);
      const gaps = [];
      const longTasks = [];
      new PerformanceObserver((list) => {
        list.getEntries().forEach((entry) => longTasks.push(entry.duration));
      }).observe({ entryTypes: ['longtask'] });
      let last = performance.now();
      let watching = true;
      const watch = (now) => {
        gaps.push(now - last);
        last = now;
        if (watching) {
          requestAnimationFrame(watch);
        }
      };
      requestAnimationFrame(watch);
      const encoder = new TextEncoder();
      const events = rounds.map((round) => `event:round\\ndata:${JSON.stringify(round)}\\n\\n`).join('')
          + 'event:done\\ndata:{"text":"","best":null,"reason":"","sampledTokens":0,"calls":0,'
          + '"samplingSeconds":0,"seconds":0}\\n\\n';
      window.fetch = async () => new Response(encoder.encode(events));
      const turn = new Turn('?', document.getElementById('turns'));
      await turn.ask({}, new AbortController().signal);
      await new Promise((resolve) => setTimeout(resolve, 500));
      watching = false;
      const sorted = gaps.slice(1).sort((a, b) => a - b);
      done(`${document.querySelectorAll('.node').length} nodes; frames ${sorted.length}, `
        + `median ${sorted[sorted.length >> 1].toFixed(1)} ms, longest ${sorted.at(-1).toFixed(1)} ms; `
        + `tasks above 50 ms: ${longTasks.length}`);
      """;

  @Test
  void frames() throws Exception {
    try (Browser browser = Browser.start(1280, 900);
        Chatbot chatbot = Chatbot.start()) {
      browser.open(chatbot.url());
      System.out.println("nothing drawn: " + browser.script(DRAW, "[]"));
      for (int i = 0; i < 3; i++) {
        browser.open(chatbot.url());
        System.out.println("64 rounds of 16: " + browser.script(DRAW, recorded()));
      }
    }
  }

  /** As the server tells of a search whose draws all differ: the most that there can be to draw. */
  private static String recorded() {
    StringBuilder json = new StringBuilder("[");
    for (int round = 1; round <= 64; round++) {
      json.append(round == 1 ? "" : ",")
          .append("{\"number\":")
          .append(round)
          .append(",\"overruled\":0,\"candidates\":[");
      for (int i = 0; i < 16; i++) {
        int id = (round - 1) * 16 + i + 1;
        int parent = round == 1 ? 0 : (round - 2) * 16 + i % 4 + 1;
        json.append(i == 0 ? "" : ",")
            .append(
                "{\"id\":%d,\"parent\":%d,\"text\":\"%s words of %d\",\"score\":%d.5,\"draws\":1,\"ended\":false,\"kept\":%b}"
                    .formatted(id, parent, "and so on, ".repeat(round), id, 20 - i, i < 4));
      }
      json.append("]}");
    }
    return json.append("]").toString();
  }
}

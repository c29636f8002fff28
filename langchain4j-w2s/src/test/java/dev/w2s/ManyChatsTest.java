// SPDX-License-Identifier: Apache-2.0
package dev.w2s;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.w2s.guidance.GuidancePair;
import dev.w2s.local.LocalChatModel;
import dev.w2s.model.CausalModel;
import dev.w2s.model.OpenNatives;
import dev.w2s.testkit.ScriptedChatModel;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Many guided chats at a time on one pair answer as they do one after another. */
class ManyChatsTest {
  private static final int CHATS = 64;

  @Test
  void overASlowDelegateByWholeResponses() throws Exception {
    try (GuidancePair pair =
        GuidancePair.load("embedded:movie-reviews/tuned", "embedded:movie-reviews/untuned")) {
      IntFunction<ChatModel> model =
          chat ->
              WeakToStrongChatModel.builder()
                  .delegate(new Slow(chat))
                  .pair(pair)
                  .beamWidth(1)
                  .successors(4)
                  .concurrency(1)
                  .build();
      assertSameTogether(chat -> model.apply(chat).chat("How was movie " + chat + "?"));
    }
  }

  @Test
  void overOneSharedDecoratorOfAModelInThisProcess() throws Exception {
    try (CausalModel base = CausalModel.load("embedded:movie-reviews/base");
        GuidancePair pair =
            GuidancePair.load("embedded:movie-reviews/tuned", "embedded:movie-reviews/untuned")) {
      ChatModel shared =
          WeakToStrongChatModel.builder()
              .delegate(LocalChatModel.builder().model(base).temperature(0.7).build())
              .pair(pair)
              .beamWidth(2)
              .successors(2)
              .maxTokens(15)
              .build();
      assertSameTogether(
          chat ->
              shared
                  .chat(
                      ChatRequest.builder()
                          .messages(UserMessage.from("How was the movie?"))
                          .parameters(
                              WeakToStrongChatRequestParameters.builder().seed((long) chat).build())
                          .build())
                  .aiMessage()
                  .text());
    }
  }

  private static void assertSameTogether(IntFunction<String> chat) throws Exception {
    long caches = OpenNatives.onCpu().caches();
    List<String> alone = IntStream.range(0, CHATS).mapToObj(chat).toList();
    assertThat(together(chat)).isEqualTo(alone);
    assertThat(OpenNatives.onCpu().caches()).isEqualTo(caches);
  }

  private static List<String> together(IntFunction<String> chat)
      throws InterruptedException, ExecutionException {
    CyclicBarrier start = new CyclicBarrier(CHATS);
    ExecutorService threads = Executors.newFixedThreadPool(CHATS);
    try {
      List<Future<String>> futures = new ArrayList<>();
      for (int i = 0; i < CHATS; i++) {
        int number = i;
        futures.add(
            threads.submit(
                () -> {
                  start.await();
                  return chat.apply(number);
                }));
      }
      List<String> answers = new ArrayList<>();
      for (Future<String> future : futures) {
        answers.add(future.get());
      }
      return answers;
    } finally {
      threads.shutdown();
      assertThat(threads.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
    }
  }

  /** Takes a moment for each answer, which its number and that of the call decide. */
  private static final class Slow implements ChatModel {
    private static final List<String> WORDS =
        List.of("good", "bad", "boring", "a great film", "I liked it", "awful");

    private final Random random;

    Slow(int chat) {
      random = new Random(chat);
    }

    @Override
    public ChatResponse doChat(ChatRequest request) {
      try {
        Thread.sleep(2);
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
      return ScriptedChatModel.text(
          WORDS.get(random.nextInt(WORDS.size())) + ", " + WORDS.get(random.nextInt(WORDS.size())));
    }
  }
}

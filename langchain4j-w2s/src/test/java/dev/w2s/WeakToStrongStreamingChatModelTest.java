// SPDX-License-Identifier: Apache-2.0
package dev.w2s;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.w2s.guidance.GuidancePair;
import dev.w2s.local.LocalChatModel;
import dev.w2s.local.LocalStreamingChatModel;
import dev.w2s.model.CausalModel;
import dev.w2s.model.OpenNatives;
import dev.w2s.testkit.StreamedChat;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WeakToStrongStreamingChatModelTest {
  private static final List<ChatMessage> TALK = List.of(UserMessage.from("How was the movie?"));

  private CausalModel base;
  private GuidancePair positive;

  @BeforeAll
  void load() {
    base = CausalModel.load("embedded:movie-reviews/base");
    positive = GuidancePair.load("embedded:movie-reviews/tuned", "embedded:movie-reviews/untuned");
  }

  @AfterAll
  void close() {
    base.close();
    positive.close();
  }

  private WeakToStrongStreamingChatModel.Builder local() {
    return WeakToStrongStreamingChatModel.builder()
        .delegate(LocalStreamingChatModel.builder().model(base).temperature(0.7).build())
        .pair(positive)
        .maxTokens(40)
        .seed(5L);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 10, Integer.MAX_VALUE})
  void streamsWhatTheSearchFinds(int lag) throws InterruptedException {
    StreamedChat stream = new StreamedChat();
    local().commitLag(lag).build().chat(TALK, stream);
    ChatResponse response = stream.await();

    ChatResponse plain =
        WeakToStrongChatModel.builder()
            .delegate(LocalChatModel.builder().model(base).temperature(0.7).build())
            .pair(positive)
            .maxTokens(40)
            .seed(5L)
            .commitLag(lag)
            .build()
            .chat(ChatRequest.builder().messages(TALK).build());
    assertThat(response).isEqualTo(plain);
    assertThat(stream.text()).isEqualTo(response.aiMessage().text()).isNotBlank();
    assertThat(stream.pieces()).doesNotContain("");
    assertThat(stream.errors()).isEmpty();
    assertThat(stream.threads()).hasSize(1).doesNotContain(Thread.currentThread());
  }

  /** With lag 0 each round's text comes with the round. */
  @Test
  void textComesWhileTheSearchGoesOn() throws InterruptedException {
    StreamedChat stream = new StreamedChat();
    AtomicInteger before = new AtomicInteger();
    local()
        .commitLag(0)
        .listener(round -> before.set(stream.text().length()))
        .build()
        .chat(TALK, stream);
    stream.await();
    assertThat(before.get()).isPositive();
  }

  @Test
  void cancellingInAPieceEndsTheSearchAndNoCallbackFollows() throws InterruptedException {
    CountDownLatch ended = new CountDownLatch(1);
    AtomicInteger rounds = new AtomicInteger();
    StreamedChat stream = new StreamedChat().cancelAfter(1);
    long sessions = OpenNatives.onCpu().caches();
    local()
        .commitLag(0)
        .listener(round -> rounds.incrementAndGet())
        .executor(ChatStreamTest.signalling(ended))
        .build()
        .chat(TALK, stream);
    ended.await();
    assertThat(stream.callbacks()).isEqualTo(1);
    assertThat(rounds).hasValue(1);
    assertThat(OpenNatives.onCpu().caches()).isEqualTo(sessions);
  }
}

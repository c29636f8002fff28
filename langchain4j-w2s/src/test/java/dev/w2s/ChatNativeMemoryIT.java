// SPDX-License-Identifier: Apache-2.0
package dev.w2s;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.w2s.guidance.GuidancePair;
import dev.w2s.guidance.Guide;
import dev.w2s.local.LocalStreamingChatModel;
import dev.w2s.model.CausalModel;
import dev.w2s.model.OpenNatives;
import dev.w2s.model.Placement;
import dev.w2s.prompt.PromptOptions;
import dev.w2s.search.Cancellation;
import dev.w2s.search.Round;
import dev.w2s.search.SearchListener;
import dev.w2s.testkit.StreamedChat;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What streams of a chat leave behind, however they end: no cache, and no round on the heap. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ChatNativeMemoryIT {
  private static final UserMessage ASKED = UserMessage.from("How was the movie?");

  private CausalModel base;
  private GuidancePair pair;

  @BeforeAll
  void load() {
    base = CausalModel.load("embedded:movie-reviews/base");
    pair = GuidancePair.load("embedded:movie-reviews/tuned", "embedded:movie-reviews/untuned");
  }

  @AfterAll
  void close() {
    pair.close();
    base.close();
  }

  @AfterEach
  void noCacheIsOpen() {
    assertThat(OpenNatives.on(Placement.AUTO).caches()).isZero();
  }

  private LocalStreamingChatModel.Builder local() {
    return LocalStreamingChatModel.builder()
        .model(base)
        .maxTokens(20)
        .seed(7L) // an answer of several pieces
        .executor(Runnable::run);
  }

  private WeakToStrongStreamingChatModel.Builder guided(LocalStreamingChatModel delegate) {
    return WeakToStrongStreamingChatModel.builder()
        .delegate(delegate)
        .pair(pair)
        .beamWidth(2)
        .successors(2)
        .chunkLength(2)
        .maxTokens(20)
        .commitLag(0)
        .executor(Runnable::run);
  }

  private static ChatRequest request(ChatRequestParameters parameters) {
    return ChatRequest.builder().messages(ASKED).parameters(parameters).build();
  }

  @RepeatedTest(20)
  void whole() throws InterruptedException {
    StreamedChat stream = new StreamedChat();
    guided(local().build()).build().chat(List.of(ASKED), stream);
    assertThat(stream.await().aiMessage().text()).isEqualTo(stream.text());
  }

  @RepeatedTest(20)
  void cancelledInAPiece() {
    StreamedChat guided = new StreamedChat().cancelAfter(1);
    guided(local().build()).build().chat(List.of(ASKED), guided);
    assertThat(guided.pieces()).hasSize(1);
    StreamedChat plain = new StreamedChat().cancelAfter(2);
    local().build().chat(List.of(ASKED), plain);
    assertThat(plain.pieces()).hasSize(2);
  }

  @Test
  void cancelledBetweenRoundsAndBeforeTheFirst() {
    Cancellation cancellation = new Cancellation();
    ChatRequestParameters cancelled =
        WeakToStrongChatRequestParameters.builder().cancellation(cancellation).build();
    StreamedChat stream = new StreamedChat();
    WeakToStrongStreamingChatModel model =
        guided(local().build()).commitLag(null).listener(round -> cancellation.cancel()).build();
    model.chat(request(cancelled), stream);
    model.chat(request(cancelled), stream);
    assertThat(stream.callbacks()).isZero();
  }

  @RepeatedTest(20)
  void aCallbackThrows() {
    StreamedChat guided = new StreamedChat().throwing(new IllegalStateException("the user's"));
    guided(local().build()).build().chat(List.of(ASKED), guided);
    assertThat(guided.errors()).isNotEmpty();
    StreamedChat plain = new StreamedChat().throwing(new IllegalStateException("the user's"));
    local().build().chat(List.of(ASKED), plain);
    assertThat(plain.errors()).isNotEmpty();
  }

  @Test
  void aListenerAGuideAndATemplateThrow() {
    StreamedChat listener = new StreamedChat();
    SearchListener throwing =
        round -> {
          throw new IllegalStateException("the user's");
        };
    guided(local().build()).listener(throwing).build().chat(List.of(ASKED), listener);
    StreamedChat guide = new StreamedChat();
    guided(local().build())
        .guide(
            "broken",
            prompt -> {
              throw new IllegalStateException("broken");
            },
            1)
        .build()
        .chat(List.of(ASKED), guide);
    assertThat(guide.errors()).hasSize(1);
    StreamedChat template = new StreamedChat();
    PromptOptions raises = PromptOptions.defaults().withChatTemplate("{{ raise_exception('no') }}");
    guided(local().promptOptions(raises).build()).build().chat(List.of(ASKED), template);
    assertThat(template.errors()).hasSize(1);
    assertThat(listener.callbacks()).isPositive();
  }

  /** Rounds, and so the hypotheses that fell out of the beam, can go while the answer grows. */
  @Test
  void aLongAnswerHoldsNoMoreThanItsHypotheses() throws InterruptedException {
    List<WeakReference<Round>> rounds = new ArrayList<>();
    StreamedChat stream = new StreamedChat();
    guided(local().build())
        .guide("long", Guide.of((prompt, text) -> text.length()), 10)
        .maxTokens(100)
        .listener(
            round -> {
              rounds.add(new WeakReference<>(round));
              if (round.number() == 20) {
                awaitCollected(rounds.subList(0, 15));
              }
            })
        .build()
        .chat(List.of(ASKED), stream);
    assertThat(stream.await().aiMessage().text()).isEqualTo(stream.text());
    assertThat(rounds).hasSizeGreaterThanOrEqualTo(20);
  }

  private static void awaitCollected(List<WeakReference<Round>> rounds) {
    for (int i = 0; i < 100 && rounds.stream().anyMatch(round -> round.get() != null); i++) {
      System.gc();
    }
    assertThat(rounds).allMatch(round -> round.get() == null);
  }
}

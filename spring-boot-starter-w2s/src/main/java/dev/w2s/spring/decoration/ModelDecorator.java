// SPDX-License-Identifier: Apache-2.0
package dev.w2s.spring.decoration;

import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.language.LanguageModel;
import dev.langchain4j.model.language.StreamingLanguageModel;
import dev.w2s.ChatGuidanceBuilder;
import dev.w2s.GuidanceBuilder;
import dev.w2s.LanguageGuidanceBuilder;
import dev.w2s.WeakToStrongChatModel;
import dev.w2s.WeakToStrongLanguageModel;
import dev.w2s.WeakToStrongStreamingChatModel;
import dev.w2s.WeakToStrongStreamingLanguageModel;
import dev.w2s.guidance.WeightedGuide;
import dev.w2s.local.LocalChatModel;
import dev.w2s.local.LocalLanguageModel;
import dev.w2s.local.LocalStreamingChatModel;
import dev.w2s.local.LocalStreamingLanguageModel;
import dev.w2s.search.ChunkBeam;
import dev.w2s.spring.properties.SearchProperties;
import dev.w2s.spring.properties.W2sProperties.ListenerTarget;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Guides models as the properties say.
 *
 * @param search how searches go
 * @param guides what steers
 * @param guidance whether it steers now
 * @param listenerTarget what the listeners are told of
 * @param listeners of LangChain4j
 * @param searchListeners are told of searches
 * @param executor runs streams; null for the library's own threads
 */
public record ModelDecorator(
    SearchProperties search,
    List<WeightedGuide> guides,
    GuidanceSwitch guidance,
    ListenerTarget listenerTarget,
    List<ChatModelListener> listeners,
    List<SearchListenerFactory> searchListeners,
    @Nullable Executor executor) {

  /** Copies the lists. */
  public ModelDecorator {
    guides = List.copyOf(guides);
    listeners = List.copyOf(listeners);
    searchListeners = List.copyOf(searchListeners);
  }

  /**
   * Guides a model of one kind.
   *
   * @throws NotGuidableException if the properties do not fit the model
   */
  Object decorate(Object model, String beanName) {
    try {
      if (model instanceof ChatModel chat) {
        return decorate(chat, beanName);
      }
      if (model instanceof StreamingChatModel chat) {
        return decorate(chat, beanName);
      }
      if (model instanceof LanguageModel language) {
        return decorate(language, beanName);
      }
      return decorate((StreamingLanguageModel) model, beanName);
    } catch (IllegalArgumentException e) {
      throw new NotGuidableException(beanName, e);
    }
  }

  private ChatModel decorate(ChatModel model, String beanName) {
    var builder = WeakToStrongChatModel.builder().delegate(model);
    return chat(builder, model instanceof LocalChatModel, model.listeners(), beanName).build();
  }

  private StreamingChatModel decorate(StreamingChatModel model, String beanName) {
    var builder = WeakToStrongStreamingChatModel.builder().delegate(model);
    boolean local = model instanceof LocalStreamingChatModel;
    return chat(builder, local, model.listeners(), beanName).build();
  }

  private LanguageModel decorate(LanguageModel model, String beanName) {
    var builder = WeakToStrongLanguageModel.builder().delegate(model);
    return language(builder, model instanceof LocalLanguageModel, beanName).build();
  }

  private StreamingLanguageModel decorate(StreamingLanguageModel model, String beanName) {
    var builder = WeakToStrongStreamingLanguageModel.builder().delegate(model);
    if (executor != null) {
      builder.executor(executor);
    }
    return language(builder, model instanceof LocalStreamingLanguageModel, beanName).build();
  }

  private <B extends ChatGuidanceBuilder<B>> B chat(
      B builder, boolean local, List<ChatModelListener> own, String beanName) {
    if (!local) {
      builder.continuation(search.continuation()).concurrency(search.concurrency());
    }
    if (executor != null) {
      builder.executor(executor);
    }
    return guided(builder, beanName)
        .scoreThinking(search.scoreThinking())
        .listeners(listenerTarget == ListenerTarget.DELEGATE ? List.of() : all(own))
        .delegateListeners(listenerTarget != ListenerTarget.GUIDED);
  }

  /** The beans, and those that a model was made with, which mostly are the same. */
  private List<ChatModelListener> all(List<ChatModelListener> own) {
    Set<ChatModelListener> all = Collections.newSetFromMap(new IdentityHashMap<>());
    List<ChatModelListener> ordered = new ArrayList<>(own);
    ordered.addAll(listeners);
    return ordered.stream().filter(all::add).toList();
  }

  private <B extends LanguageGuidanceBuilder<B>> B language(
      B builder, boolean local, String beanName) {
    if (!local) {
      builder.concurrency(search.concurrency());
    }
    return guided(builder, beanName).promptTemplate(search.promptTemplate());
  }

  private <B extends GuidanceBuilder<B>> B guided(B builder, String beanName) {
    guides.forEach(guide -> builder.guide(guide.name(), guide.guide(), guide.weight()));
    searchListeners.forEach(factory -> builder.listener(factory.listenerFor(beanName)));
    ChunkBeam beam = search.beam();
    return builder
        .beamWidth(beam.beamWidth())
        .successors(beam.successors())
        .chunkLength(beam.chunkLength())
        .commitLag(beam.commitLag())
        .maxTokens(search.maxTokens())
        .budget(search.costs())
        .guard(search.choice())
        .guidedWhile(guidance::guidesNow);
  }
}

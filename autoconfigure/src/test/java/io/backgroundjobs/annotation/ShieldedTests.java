package io.backgroundjobs.annotation;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.mockito.BDDMockito;
import org.reactivestreams.Publisher;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.context.request.async.DeferredResult;
import org.springframework.web.context.request.async.WebAsyncTask;
import org.springframework.web.servlet.mvc.method.annotation.ResponseBodyEmitter;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;
import org.springframework.web.servlet.mvc.method.annotation.StreamingResponseBody;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import io.backgroundjobs.Job;
import io.backgroundjobs.JobBody;
import io.backgroundjobs.JobOptions;
import io.backgroundjobs.JobRejectedException;
import io.backgroundjobs.RejectionReason;
import io.backgroundjobs.Shielded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.mock;

class ShieldedTests {

	private static final String NOT_A_STREAM = "Remove @Shielded, or return one value, such as a Mono or a "
			+ "CompletionStage.";

	private static final String THE_VALUE = "Return the value itself, a Mono or a CompletionStage; an entity goes into "
			+ "these: Mono<ResponseEntity<T>>.";

	private final RecordingEngine engine = new RecordingEngine();

	private final List<JobOptions> here = new ArrayList<>();

	private AnnotationContext context;

	@AfterEach
	void close() {
		if (this.context != null) {
			this.context.close();
		}
	}

	private Imports start() throws Exception {
		BDDMockito.given(this.engine.engine.<Object>runHere(any(), any())).willAnswer((call) -> {
			this.here.add(call.getArgument(0));
			return call.<JobBody<?>>getArgument(1).run(this.engine.running);
		});
		BDDMockito.given(this.engine.engine.<Object>startHere(any(), any())).willAnswer((call) -> {
			this.here.add(call.getArgument(0));
			CompletionStage<?> stage = (CompletionStage<?>) call.<JobBody<?>>getArgument(1).run(this.engine.running);
			Job<?> job = mock(Job.class);
			BDDMockito.willReturn(stage.toCompletableFuture().copy()).given(job).toFuture();
			return job;
		});
		this.context = AnnotationContext.start(this.engine.engine, Map.of("import.name", "photo-import"),
				Imports.class);
		return this.context.getBean(Imports.class);
	}

	@Test
	void blockingMethodRunsOnItsThreadAsAShieldedJob() throws Exception {
		Imports imports = start();
		assertThat(imports.read("a.zip")).isSameAs(Thread.currentThread());
		assertThat(this.here).hasSize(1);
		assertThat(this.here.get(0).name()).isEqualTo("imports.read");
		assertThat(this.here.get(0).isShielded()).isTrue();
		assertThat(this.engine.spawns).isEmpty();
	}

	@Test
	void nameMayHavePlaceholders() throws Exception {
		start().named();
		assertThat(this.here.get(0).name()).isEqualTo("photo-import");
		assertThat(this.context.getBean(JobCatalog.class).names()).contains("photo-import", "imports.read");
	}

	@Test
	void whenBlockingMethodThrowsThenTheCallerSeesTheSame() throws Exception {
		Imports imports = start();
		assertThatExceptionOfType(IOException.class).isThrownBy(imports::fail).withMessage("disk");
	}

	@Test
	void whenSchedulerDoesNotRunThenTheCallIsRejected() throws Exception {
		Imports imports = start();
		JobRejectedException rejected = new JobRejectedException(RejectionReason.SHUTTING_DOWN, "none", "stopping");
		BDDMockito.willThrow(rejected).given(this.engine.engine).runHere(any(), any());
		BDDMockito.willThrow(rejected).given(this.engine.engine).startHere(any(), any());
		assertThatExceptionOfType(JobRejectedException.class).isThrownBy(() -> imports.read("a.zip"));
		assertThatExceptionOfType(JobRejectedException.class).isThrownBy(imports::stage);
		assertThatExceptionOfType(JobRejectedException.class).isThrownBy(() -> imports.mono().block());
		assertThat(imports.calls()).isEmpty();
	}

	@Test
	void stageIsStartedAtTheCallAndCancellingTheViewDoesNotReachIt() throws Exception {
		Imports imports = start();
		CompletableFuture<String> view = (CompletableFuture<String>) imports.stage();
		assertThat(imports.calls()).containsExactly("stage");
		assertThat(this.here.get(0).isShielded()).isTrue();
		view.cancel(true);
		assertThat(imports.work().isCancelled()).isFalse();
		imports.work().complete("done");
		assertThat(imports.work()).isCompletedWithValue("done");
	}

	@Test
	void whenMethodReturnsNoStageThenTheResultIsNull() throws Exception {
		assertThat(start().noStage()).isCompletedWithValue(null);
	}

	@Test
	void publisherIsStartedByItsSubscriberAndOnlyOnce() throws Exception {
		Imports imports = start();
		Mono<String> mono = imports.mono();
		assertThat(this.here).isEmpty();
		assertThat(imports.calls()).isEmpty();
		List<String> seen = new ArrayList<>();
		mono.subscribe(seen::add);
		mono.subscribe(seen::add);
		assertThat(this.here).hasSize(1);
		imports.work().complete("done");
		assertThat(seen).containsExactly("done", "done");
		assertThat(imports.calls()).containsExactly("mono", "subscribed", "done");
	}

	@Test
	void whenSubscriberCancelsThenTheWorkGoesOn() throws Exception {
		Imports imports = start();
		imports.mono().subscribe().dispose();
		assertThat(imports.calls()).containsExactly("mono", "subscribed");
		imports.work().complete("done");
		assertThat(imports.calls()).containsExactly("mono", "subscribed", "done");
	}

	@Test
	void contextOfTheSubscriberReachesTheWork() throws Exception {
		assertThat(start().contextual().contextWrite((context) -> context.put("user", "ada")).block())
			.isEqualTo("user ada");
	}

	@Test
	void emptyAndFailedPublishersStayWhatTheyAre() throws Exception {
		Imports imports = start();
		assertThat(imports.empty().block()).isNull();
		assertThatExceptionOfType(IllegalStateException.class).isThrownBy(() -> imports.failed().block())
			.withMessage("bad zip");
	}

	@Test
	void entityInsideOfAMonoIsShielded() throws Exception {
		assertThat(start().entity().block().getBody()).isEqualTo("done");
	}

	@Test
	void whenMethodReturnsAFluxThenStartFails() {
		AnnotationContext.assertRefused(place("ReturnsFlux")
				+ " returns reactor.core.publisher.Flux<java.lang.String>, a stream, whose " + "end has no bound",
				NOT_A_STREAM, ReturnsFlux.class);
	}

	@Test
	void whenMethodReturnsAPublisherThenStartFails() {
		AnnotationContext.assertRefused(place("ReturnsPublisher")
				+ " returns org.reactivestreams.Publisher<java.lang.String>, a stream, " + "whose end has no bound",
				NOT_A_STREAM, ReturnsPublisher.class);
	}

	@Test
	void whenMethodReturnsAnEmitterThenStartFails() {
		AnnotationContext.assertRefused(place("ReturnsSse") + " returns " + SseEmitter.class.getName()
				+ ", a stream, whose end has no " + "bound", NOT_A_STREAM, ReturnsSse.class);
		AnnotationContext.assertRefused(place("ReturnsEmitter") + " returns " + ResponseBodyEmitter.class.getName()
				+ ", a stream, whose end has no bound", NOT_A_STREAM, ReturnsEmitter.class);
		AnnotationContext.assertRefused(place("ReturnsStreamingBody") + " returns "
				+ StreamingResponseBody.class.getName() + ", a stream, whose end has no bound", NOT_A_STREAM,
				ReturnsStreamingBody.class);
	}

	@Test
	void whenEntityHoldsAStreamThenStartFails() {
		AnnotationContext.assertRefused(
				place("EntityOfStream") + " returns org.springframework.http.ResponseEntity<"
						+ StreamingResponseBody.class.getName() + ">, a stream, whose end has no bound",
				NOT_A_STREAM, EntityOfStream.class);
		AnnotationContext.assertRefused(place("MonoOfEntityOfFlux")
				+ " returns reactor.core.publisher.Mono<org.springframework.http."
				+ "ResponseEntity<reactor.core.publisher.Flux<java.lang.String>>>, a stream, whose end has no bound",
				NOT_A_STREAM, MonoOfEntityOfFlux.class);
	}

	@Test
	void whenWorkIsDoneAfterTheMethodHasReturnedThenStartFails() {
		AnnotationContext.assertRefused(
				place("ReturnsCallable") + " returns java.util.concurrent.Callable<java.lang.String>, whose work "
						+ "is done after the method has returned",
				THE_VALUE, ReturnsCallable.class);
		AnnotationContext.assertRefused(
				place("ReturnsFuture") + " returns java.util.concurrent.Future<java.lang.String>, whose work is "
						+ "done after the method has returned",
				THE_VALUE, ReturnsFuture.class);
		AnnotationContext.assertRefused(
				place("ReturnsDeferred") + " returns " + DeferredResult.class.getName()
						+ "<java.lang.String>, whose work is done after the method has returned",
				THE_VALUE, ReturnsDeferred.class);
		AnnotationContext.assertRefused(
				place("ReturnsTask") + " returns " + WebAsyncTask.class.getName()
						+ "<java.lang.String>, whose work is done after the method has returned",
				THE_VALUE, ReturnsTask.class);
		AnnotationContext.assertRefused(
				place("EntityOfMono") + " returns org.springframework.http.ResponseEntity<reactor.core.publisher."
						+ "Mono<java.lang.String>>, whose work is done after the method has returned",
				THE_VALUE, EntityOfMono.class);
	}

	@Test
	void whenMethodCannotBeInterceptedThenStartFails() {
		AnnotationContext.assertRefused(
				place("PrivateHandler") + " cannot be intercepted, because the method is private",
				"Make the method public, protected or package-private.", PrivateHandler.class);
		AnnotationContext.assertRefused(place("FinalHandler") + " cannot be intercepted, because the method is final",
				"Remove 'final' from the method.", FinalHandler.class);
	}

	private static String place(String type) {
		String bean = Character.toLowerCase(type.charAt(0)) + type.substring(1);
		return "@Shielded on method " + type + ".handle() of bean '" + bean + "'";
	}

	@RestController
	static class Imports {

		private final List<String> calls = new ArrayList<>();

		private final CompletableFuture<String> stage = new CompletableFuture<>();

		List<String> calls() {
			return this.calls;
		}

		CompletableFuture<String> work() {
			return this.stage;
		}

		@Shielded
		Thread read(String file) {
			this.calls.add(file);
			return Thread.currentThread();
		}

		@Shielded(name = "${import.name}")
		void named() {
		}

		@Shielded
		void fail() throws IOException {
			throw new IOException("disk");
		}

		@Shielded
		CompletionStage<String> stage() {
			this.calls.add("stage");
			return this.stage;
		}

		@Shielded
		CompletableFuture<String> noStage() {
			return null;
		}

		@Shielded
		Mono<String> mono() {
			this.calls.add("mono");
			return Mono.fromFuture(this.stage)
				.doOnSubscribe((subscription) -> this.calls.add("subscribed"))
				.doOnNext(this.calls::add);
		}

		@Shielded
		Mono<String> contextual() {
			return Mono.deferContextual((context) -> Mono.just("user " + context.get("user")));
		}

		@Shielded
		Mono<String> empty() {
			return Mono.empty();
		}

		@Shielded
		Mono<String> failed() {
			throw new IllegalStateException("bad zip");
		}

		@Shielded
		Mono<ResponseEntity<String>> entity() {
			return Mono.just(ResponseEntity.ok("done"));
		}

	}

	static class ReturnsFlux {

		@Shielded
		Flux<String> handle() {
			return Flux.empty();
		}

	}

	static class ReturnsPublisher {

		@Shielded
		Publisher<String> handle() {
			return Flux.empty();
		}

	}

	static class ReturnsSse {

		@Shielded
		SseEmitter handle() {
			return new SseEmitter();
		}

	}

	static class ReturnsEmitter {

		@Shielded
		ResponseBodyEmitter handle() {
			return new ResponseBodyEmitter();
		}

	}

	static class ReturnsStreamingBody {

		@Shielded
		StreamingResponseBody handle() {
			return (stream) -> {
			};
		}

	}

	static class EntityOfStream {

		@Shielded
		ResponseEntity<StreamingResponseBody> handle() {
			return ResponseEntity.noContent().build();
		}

	}

	static class MonoOfEntityOfFlux {

		@Shielded
		Mono<ResponseEntity<Flux<String>>> handle() {
			return Mono.empty();
		}

	}

	static class EntityOfMono {

		@Shielded
		ResponseEntity<Mono<String>> handle() {
			return ResponseEntity.noContent().build();
		}

	}

	static class ReturnsCallable {

		@Shielded
		Callable<String> handle() {
			return () -> "";
		}

	}

	static class ReturnsFuture {

		@Shielded
		Future<String> handle() {
			return new CompletableFuture<>();
		}

	}

	static class ReturnsDeferred {

		@Shielded
		DeferredResult<String> handle() {
			return new DeferredResult<>();
		}

	}

	static class ReturnsTask {

		@Shielded
		WebAsyncTask<String> handle() {
			return new WebAsyncTask<>(() -> "");
		}

	}

	static class PrivateHandler {

		@Shielded
		private void handle() {
		}

	}

	static class FinalHandler {

		@Shielded
		final void handle() {
		}

	}

}

package io.backgroundjobs.annotation;

import java.lang.reflect.Method;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.springframework.core.ReactiveAdapter;
import org.springframework.core.ReactiveAdapterRegistry;
import org.springframework.core.ResolvableType;
import org.springframework.util.ClassUtils;

import io.backgroundjobs.annotation.ShieldedOperation.Completion;

/**
 * Knows which return types of a {@link io.backgroundjobs.Shielded @Shielded} method have
 * one end that can be waited for. The web is optional: its types are looked up by name.
 */
final class ShieldedReturnType {

	private static final List<Class<?>> STREAMS = present(
			"org.springframework.web.servlet.mvc.method.annotation.ResponseBodyEmitter",
			"org.springframework.web.servlet.mvc.method.annotation.StreamingResponseBody");

	/**
	 * Work that somebody else does, after the method has returned.
	 */
	private static final List<Class<?>> LATER = Stream
		.concat(Stream.of(Callable.class, Future.class),
				present("org.springframework.web.context.request.async.DeferredResult",
						"org.springframework.web.context.request.async.WebAsyncTask")
					.stream())
		.toList();

	private static final List<Class<?>> ENTITIES = present("org.springframework.http.HttpEntity");

	private static final boolean REACTOR = ClassUtils.isPresent("reactor.core.publisher.Mono",
			ShieldedReturnType.class.getClassLoader());

	private ShieldedReturnType() {
	}

	/**
	 * Find out when the work of a method is done.
	 * @param method the method
	 * @param place where the annotation is
	 * @return when its work is done
	 * @throws io.backgroundjobs.JobConfigurationException if nobody can say
	 */
	static Completion completion(Method method, JobPlace place) {
		ResolvableType type = ResolvableType.forMethodReturnType(method);
		Class<?> returned = type.toClass();
		ReactiveAdapter adapter = adapter(returned);
		if (isStream(returned, adapter) || streamsInside(type, adapter)) {
			throw place.failure("returns " + type + ", a stream, whose end has no bound",
					"Remove @Shielded, or return one value, such as a Mono or a CompletionStage.");
		}
		if (returned == CompletionStage.class || returned == CompletableFuture.class) {
			return Completion.STAGE;
		}
		if (isLater(returned, null) || isEntityOfLater(type)) {
			throw place.failure("returns " + type + ", whose work is done after the method has returned",
					"Return the value itself, a Mono or a CompletionStage; an entity goes into these: "
							+ "Mono<ResponseEntity<T>>.");
		}
		if (adapter == null) {
			return Completion.RETURN;
		}
		if (!REACTOR) {
			throw place.failure("returns " + type + ", but Reactor is not on the class path",
					"Add io.projectreactor:reactor-core, or return a CompletionStage.");
		}
		return Completion.PUBLISHER;
	}

	/**
	 * Return how to deal with a reactive type.
	 * @param type any type
	 * @return its adapter, or {@code null} if the type is not reactive
	 */
	static @Nullable ReactiveAdapter adapter(Class<?> type) {
		return (type != Object.class) ? ReactiveAdapterRegistry.getSharedInstance().getAdapter(type) : null;
	}

	private static boolean streamsInside(ResolvableType type, @Nullable ReactiveAdapter adapter) {
		ResolvableType inside;
		if (isA(ENTITIES, type.toClass())) {
			inside = type.as(ENTITIES.get(0)).getGeneric();
		}
		else if (adapter != null || CompletionStage.class.isAssignableFrom(type.toClass())) {
			inside = type.getGeneric();
		}
		else {
			return false;
		}
		ReactiveAdapter insideAdapter = adapter(inside.toClass());
		return isStream(inside.toClass(), insideAdapter) || streamsInside(inside, insideAdapter);
	}

	private static boolean isStream(Class<?> type, @Nullable ReactiveAdapter adapter) {
		return isA(STREAMS, type) || (adapter != null && adapter.isMultiValue());
	}

	private static boolean isEntityOfLater(ResolvableType type) {
		if (!isA(ENTITIES, type.toClass())) {
			return false;
		}
		Class<?> inside = type.as(ENTITIES.get(0)).getGeneric().toClass();
		return isLater(inside, adapter(inside));
	}

	private static boolean isLater(Class<?> type, @Nullable ReactiveAdapter adapter) {
		return adapter != null || isA(LATER, type) || CompletionStage.class.isAssignableFrom(type);
	}

	private static boolean isA(List<Class<?>> types, Class<?> type) {
		return types.stream().anyMatch((candidate) -> candidate.isAssignableFrom(type));
	}

	private static List<Class<?>> present(String... names) {
		ClassLoader loader = ShieldedReturnType.class.getClassLoader();
		return Stream.of(names)
			.filter((name) -> ClassUtils.isPresent(name, loader))
			.<Class<?>>map((name) -> ClassUtils.resolveClassName(name, loader))
			.toList();
	}

}

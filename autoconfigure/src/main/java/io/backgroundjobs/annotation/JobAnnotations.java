package io.backgroundjobs.annotation;

import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.AnnotatedBeanDefinition;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.context.annotation.Bean;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.annotation.AnnotationUtils;
import org.springframework.core.annotation.MergedAnnotation;
import org.springframework.core.annotation.MergedAnnotationPredicates;
import org.springframework.core.annotation.MergedAnnotations;
import org.springframework.core.type.MethodMetadata;
import org.springframework.stereotype.Component;
import org.springframework.util.ReflectionUtils;

import io.backgroundjobs.BackgroundJob;
import io.backgroundjobs.PeriodicJob;
import io.backgroundjobs.PeriodicJobs;
import io.backgroundjobs.Shielded;

/**
 * Looks for the annotations, without creating any bean. They are merged with those that
 * carry them, and are found on superclasses and interfaces; the nearest element wins.
 */
final class JobAnnotations {

	private static final List<Class<? extends Annotation>> TYPES = List.of(PeriodicJob.class, BackgroundJob.class,
			Shielded.class);

	private JobAnnotations() {
	}

	/**
	 * Whether it is worth while to look at a type. Most beans are Spring's own, and are
	 * passed over as by its {@code @EventListener}s.
	 * @param type the type
	 * @return whether it may carry an annotation of ours
	 */
	static boolean isCandidate(Class<?> type) {
		return AnnotationUtils.isCandidateClass(type, PeriodicJob.class)
				&& (!type.getName().startsWith("org.springframework.")
						|| AnnotatedElementUtils.isAnnotated(type, Component.class));
	}

	static List<PeriodicJob> onType(Class<?> type) {
		return isCandidate(type)
				? periodic(MergedAnnotations.from(type, MergedAnnotations.SearchStrategy.TYPE_HIERARCHY)) : List.of();
	}

	/**
	 * Whether any method of a type carries an annotation of ours. Much cheaper than
	 * {@link #onMethods}, which works out for each method what it overrides.
	 * @param type the type of a bean
	 * @return whether the type, or one that it extends or implements, declares such a
	 * method
	 */
	static boolean areOnMethods(Class<?> type) {
		return areOnMethods(type, TYPES);
	}

	/**
	 * The same for some of the annotations.
	 */
	static boolean areOnMethods(Class<?> type, List<Class<? extends Annotation>> annotations) {
		for (Class<?> each = type; each != null && isCandidate(each); each = each.getSuperclass()) {
			for (Method method : ReflectionUtils.getDeclaredMethods(each)) {
				if (isAnyPresent(MergedAnnotations.from(method), annotations)) {
					return true;
				}
			}
			for (Class<?> implemented : each.getInterfaces()) {
				if (areOnMethods(implemented, annotations)) {
					return true;
				}
			}
		}
		return false;
	}

	/**
	 * Return the annotations of the factory method that makes a bean. Read from the
	 * method where it is known, which covers ahead-of-time processing; else from what the
	 * definition was read from, which covers definitions that nobody has resolved yet.
	 * @param definition the definition of the bean
	 * @return the annotations; none if the bean has no such method
	 */
	static List<PeriodicJob> onFactoryMethod(BeanDefinition definition) {
		if (definition instanceof RootBeanDefinition root && root.getResolvedFactoryMethod() != null) {
			return onFactoryMethod(root.getResolvedFactoryMethod());
		}
		MethodMetadata metadata = factoryMethodMetadata(definition);
		MergedAnnotations annotations = (metadata != null) ? metadata.getAnnotations() : MergedAnnotations.of(Set.of());
		if (!annotations.isPresent(PeriodicJob.class) && !annotations.isPresent(PeriodicJobs.class)) {
			return List.of();
		}
		return Stream
			.concat(annotations.stream(PeriodicJob.class).map(MergedAnnotation::synthesize),
					annotations.stream(PeriodicJobs.class)
						.flatMap((container) -> Arrays.stream(container.synthesize().value())))
			.toList();
	}

	private static List<PeriodicJob> onFactoryMethod(Method method) {
		return isCandidate(method.getDeclaringClass())
				? periodic(MergedAnnotations.from(method, MergedAnnotations.SearchStrategy.TYPE_HIERARCHY)) : List.of();
	}

	static String factoryMethodName(BeanDefinition definition) {
		if (definition instanceof RootBeanDefinition root && root.getResolvedFactoryMethod() != null) {
			return JobPlace.text(root.getResolvedFactoryMethod());
		}
		return String.valueOf(definition.getFactoryMethodName());
	}

	/**
	 * Return the methods that carry an annotation of ours. Factory methods of beans are
	 * not among them: what they carry belongs to the bean that they make.
	 * @param type the type of a bean
	 * @return the methods, each with all that it carries
	 */
	static Map<Method, MergedAnnotations> onMethods(Class<?> type) {
		return MethodIntrospector.selectMethods(type,
				(MethodIntrospector.MetadataLookup<MergedAnnotations>) JobAnnotations::onMethod);
	}

	static List<PeriodicJob> periodic(MergedAnnotations annotations) {
		if (!annotations.isPresent(PeriodicJob.class)) {
			return List.of();
		}
		return annotations.stream(PeriodicJob.class)
			.filter(MergedAnnotationPredicates.firstRunOf(MergedAnnotation::getAggregateIndex))
			.map(MergedAnnotation::synthesize)
			.toList();
	}

	static <A extends Annotation> A require(Method method, Class<A> type) {
		return MergedAnnotations.from(method, MergedAnnotations.SearchStrategy.TYPE_HIERARCHY).get(type).synthesize();
	}

	private static @Nullable MergedAnnotations onMethod(Method method) {
		MergedAnnotations annotations = MergedAnnotations.from(method, MergedAnnotations.SearchStrategy.TYPE_HIERARCHY);
		return (isAnyPresent(annotations, TYPES) && !annotations.isPresent(Bean.class)) ? annotations : null;
	}

	private static boolean isAnyPresent(MergedAnnotations annotations, List<Class<? extends Annotation>> types) {
		for (Class<? extends Annotation> type : types) {
			if (annotations.isPresent(type)) {
				return true;
			}
		}
		return false;
	}

	private static @Nullable MethodMetadata factoryMethodMetadata(BeanDefinition definition) {
		return (definition instanceof AnnotatedBeanDefinition annotated) ? annotated.getFactoryMethodMetadata() : null;
	}

}

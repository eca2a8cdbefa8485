package io.backgroundjobs.annotation;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;

import org.aopalliance.aop.Advice;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.Advisor;
import org.springframework.aop.PointcutAdvisor;
import org.springframework.aop.framework.Advised;
import org.springframework.aop.support.AopUtils;

/**
 * Finds out at the start whether calls of a method will be intercepted, since a call that
 * is not would silently run in the caller's thread.
 */
final class Interception {

	private Interception() {
	}

	/**
	 * Refuse a method whose calls do not reach the advice.
	 * @param place where the annotation is
	 * @param method the method
	 * @param bean the bean, or {@code null} if it does not exist yet
	 * @param advice the advice that the bean's proxy must have
	 */
	static void require(JobPlace place, Method method, @Nullable Object bean, Class<? extends Advice> advice) {
		int modifiers = method.getModifiers();
		if (Modifier.isPrivate(modifiers)) {
			throw notOverridable(place, "private", "Make the method public, protected or package-private.");
		}
		if (Modifier.isStatic(modifiers)) {
			throw notOverridable(place, "static", "Remove 'static' from the method.");
		}
		if (Modifier.isFinal(modifiers) && (bean == null || !AopUtils.isJdkDynamicProxy(bean))) {
			throw notOverridable(place, "final", "Remove 'final' from the method.");
		}
		if (bean == null) {
			return;
		}
		if (!isAdvised(bean, advice)) {
			throw place.failure("is not in effect, because the bean was created before it could be advised",
					"A BeanPostProcessor or the like needs the bean too early: let it ask for the bean lazily, "
							+ "through an ObjectProvider.");
		}
		try {
			AopUtils.selectInvocableMethod(method, bean.getClass());
		}
		catch (IllegalStateException ex) {
			throw place.failure("cannot be called, because the bean's proxy has only the methods of its interfaces",
					"Declare the method in an interface of the bean, or proxy the bean's class "
							+ "(spring.aop.proxy-target-class=true).");
		}
	}

	/**
	 * Refuse a method that has other advice before ours. That would see a call that only
	 * hands over, and the one that runs the job on a thread where it is not recognized,
	 * or more than once.
	 * @param place where the annotation is
	 * @param method the method
	 * @param bean the bean, or {@code null} if it does not exist yet
	 * @param advice the advice that must come first
	 */
	static void requireFirst(JobPlace place, Method method, @Nullable Object bean, Class<? extends Advice> advice) {
		if (bean instanceof Advised advised) {
			Class<?> type = AopUtils.getTargetClass(bean);
			Advice first = Arrays.stream(advised.getAdvisors())
				.filter((advisor) -> applies(advisor, method, type))
				.map(Advisor::getAdvice)
				.findFirst()
				.orElse(null);
			if (first != null && !advice.isInstance(first)) {
				throw place.failure("is durable, and a " + first.getClass().getSimpleName() + " comes before it",
						"Remove the other annotation of the method, such as @Async, or move what it is on to a method "
								+ "that the job calls.");
			}
		}
	}

	private static boolean applies(Advisor advisor, Method method, Class<?> type) {
		return advisor instanceof PointcutAdvisor each && each.getPointcut().getClassFilter().matches(type)
				&& each.getPointcut().getMethodMatcher().matches(method, type);
	}

	private static boolean isAdvised(Object bean, Class<? extends Advice> advice) {
		return bean instanceof Advised advised
				&& Arrays.stream(advised.getAdvisors()).anyMatch((advisor) -> advice.isInstance(advisor.getAdvice()));
	}

	private static RuntimeException notOverridable(JobPlace place, String modifier, String action) {
		return place.failure("cannot be intercepted, because the method is " + modifier, action);
	}

}

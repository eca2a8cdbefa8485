package io.backgroundjobs.annotation;

import java.lang.reflect.Method;
import java.util.LinkedHashSet;
import java.util.Set;

import org.jspecify.annotations.Nullable;
import org.springframework.context.expression.MethodBasedEvaluationContext;
import org.springframework.core.DefaultParameterNameDiscoverer;
import org.springframework.core.ParameterNameDiscoverer;
import org.springframework.expression.EvaluationException;
import org.springframework.expression.ParseException;
import org.springframework.expression.spel.SpelNode;
import org.springframework.expression.spel.ast.BeanReference;
import org.springframework.expression.spel.ast.CompoundExpression;
import org.springframework.expression.spel.ast.Indexer;
import org.springframework.expression.spel.ast.InlineMap;
import org.springframework.expression.spel.ast.MethodReference;
import org.springframework.expression.spel.ast.Projection;
import org.springframework.expression.spel.ast.PropertyOrFieldReference;
import org.springframework.expression.spel.ast.Selection;
import org.springframework.expression.spel.ast.VariableReference;
import org.springframework.expression.spel.standard.SpelExpression;
import org.springframework.expression.spel.standard.SpelExpressionParser;

/**
 * Makes a job's key of the arguments of a call. An expression that cannot work is refused
 * when it is parsed, as far as its form tells. Thread-safe.
 */
final class KeyExpression {

	private static final SpelExpressionParser PARSER = new SpelExpressionParser();

	private static final ParameterNameDiscoverer NAMES = new DefaultParameterNameDiscoverer();

	private final SpelExpression expression;

	private final Method method;

	private final JobPlace place;

	private KeyExpression(SpelExpression expression, Method method, JobPlace place) {
		this.expression = expression;
		this.method = method;
		this.place = place;
	}

	static KeyExpression parse(String text, Method method, JobPlace place) {
		SpelExpression expression;
		try {
			expression = PARSER.parseRaw(text);
		}
		catch (ParseException ex) {
			throw place.invalid("key", text, "which is not an expression: " + ex.getSimpleMessage(), action(method),
					ex);
		}
		String problem = problem(expression.getAST(), false, false, variables(method));
		if (problem != null) {
			throw place.invalid("key", text, problem, action(method));
		}
		return new KeyExpression(expression, method, place);
	}

	/**
	 * Return the key of a call.
	 * @param arguments the arguments of the call
	 * @return the key
	 * @throws IllegalArgumentException if the arguments have none
	 */
	String evaluate(@Nullable Object[] arguments) {
		Object value;
		try {
			value = this.expression.getValue(new MethodBasedEvaluationContext(null, this.method, arguments, NAMES));
		}
		catch (EvaluationException ex) {
			throw new IllegalArgumentException("The " + this.place.attribute("key") + " is '"
					+ this.expression.getExpressionString() + "', which failed: " + ex.getMessage(), ex);
		}
		String key = (value != null) ? value.toString() : "";
		if (key.isEmpty()) {
			throw new IllegalArgumentException("The " + this.place.attribute("key") + " is '"
					+ this.expression.getExpressionString() + "', which is " + ((value != null) ? "empty" : "null")
					+ " for this call. A job with a key needs one in each call");
		}
		return key;
	}

	/**
	 * Return what is wrong with a node, if anything.
	 * @param node the node
	 * @param owned whether something stands before it that a name without {@code #} could
	 * belong to
	 * @param ofElement whether such a name could belong to the element of a selection or
	 * a projection, or be a key
	 * @param variables the names with {@code #} that there are
	 * @return the problem, or {@code null}
	 */
	private static @Nullable String problem(SpelNode node, boolean owned, boolean ofElement, Set<String> variables) {
		if (node instanceof BeanReference) {
			return "which refers to a bean";
		}
		if (node instanceof VariableReference && !variables.contains(node.toStringAST())) {
			return "but no argument is called '" + node.toStringAST() + "'";
		}
		boolean bareName = node instanceof PropertyOrFieldReference || node instanceof MethodReference;
		if (bareName && !owned && !ofElement) {
			return "but '" + node.toStringAST() + "' is not an argument";
		}
		for (int i = 0; i < node.getChildCount(); i++) {
			boolean childOwned = node instanceof CompoundExpression && (owned || i > 0);
			String problem = problem(node.getChild(i), childOwned, ofElement || hasElements(node), variables);
			if (problem != null) {
				return problem;
			}
		}
		return null;
	}

	private static boolean hasElements(SpelNode node) {
		return node instanceof Projection || node instanceof Selection || node instanceof Indexer
				|| node instanceof InlineMap;
	}

	private static Set<String> variables(Method method) {
		Set<String> variables = new LinkedHashSet<>(names(method));
		for (int i = 0; i < method.getParameterCount(); i++) {
			variables.add("#a" + i);
			variables.add("#p" + i);
		}
		// An element, inside of a selection or a projection.
		variables.add("#this");
		return variables;
	}

	private static Set<String> names(Method method) {
		Set<String> variables = new LinkedHashSet<>();
		@Nullable String[] names = NAMES.getParameterNames(method);
		for (int i = 0; i < method.getParameterCount(); i++) {
			variables.add((names != null && names[i] != null) ? "#" + names[i] : "#a" + i);
		}
		return variables;
	}

	private static String action(Method method) {
		return (method.getParameterCount() == 0) ? "A method without arguments has no key: remove the attribute."
				: "Write an expression over the arguments " + String.join(", ", names(method)) + ".";
	}

}

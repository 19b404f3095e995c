// A type where an encoding stands.
func.func private @f(tensor<?xf32, !stablehlo2<x>>)

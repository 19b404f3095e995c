// Encodings of dialects whose names begin like another's.
func.func private @f(tensor<?xf32, #stablehloi4.type_extensions<bounds = [4]>>, tensor<?xf32, #stablehlo2<x>>)

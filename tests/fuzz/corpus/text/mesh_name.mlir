// A mesh axis named like the text of a mesh.
sdy.mesh @mesh = <["a#stablehlo.mesh<axes = ["=2, "b"=4], device_ids=[0, 1, 2, 3, 4, 5, 6, 7]>

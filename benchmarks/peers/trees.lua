local function tree(depth)
  if depth == 0 then return {} else return { tree(depth - 1), tree(depth - 1) } end
end
local function count(node)
  if #node == 0 then return 1 else return 1 + count(node[1]) + count(node[2]) end
end
local total = 0
for round = 0, 19 do
  local t = tree(10)
  total = total + count(t)
end
return total
